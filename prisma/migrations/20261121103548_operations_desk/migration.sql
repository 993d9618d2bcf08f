-- AlterTable
ALTER TABLE "Installation" ADD COLUMN     "secondFactor" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "totp" TEXT,
ADD COLUMN     "totpConfirmedAt" TIMESTAMPTZ(3),
ADD COLUMN     "totpStep" BIGINT;

-- AlterTable
ALTER TABLE "Store" ADD COLUMN     "approvalAbove" BIGINT,
ADD COLUMN     "approvalMethods" "Method"[] DEFAULT ARRAY[]::"Method"[],
ADD COLUMN     "approvalRoles" "Role"[] DEFAULT ARRAY[]::"Role"[],
ADD COLUMN     "oneAfterDay" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "personDayAmount" BIGINT,
ADD COLUMN     "personDayCount" INTEGER,
ADD COLUMN     "stepUpAbove" BIGINT DEFAULT 1000000,
ADD COLUMN     "stoppedAt" TIMESTAMPTZ(3),
ADD COLUMN     "stoppedById" UUID,
ADD COLUMN     "stoppedWhy" TEXT;

-- AlterTable
ALTER TABLE "GatewayAccount" ADD COLUMN     "holderCheck" TEXT,
ADD COLUMN     "sendAtOnce" INTEGER NOT NULL DEFAULT 10;

-- AlterTable
ALTER TABLE "Cancellation" ADD COLUMN     "afterId" UUID,
ADD COLUMN     "dueAt" TIMESTAMPTZ(3),
ADD COLUMN     "refundAccount" TEXT,
ADD COLUMN     "refundAccountHash" TEXT,
ADD COLUMN     "refundAccountMasked" TEXT;

-- AlterTable
ALTER TABLE "Task" ADD COLUMN     "resolution" TEXT,
ADD COLUMN     "resolvedById" UUID;

-- CreateTable
CREATE TABLE "Session" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" TEXT,
    "address" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "steppedUpAt" TIMESTAMPTZ(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RecoveryCode" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" BOOLEAN NOT NULL DEFAULT false,
    "grants" JSONB NOT NULL,
    "userId" UUID,
    "createdById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Approval" (
    "cancellationId" UUID NOT NULL,
    "reasons" TEXT[],
    "snapshot" JSONB NOT NULL,
    "snapshotHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "approved" BOOLEAN,
    "note" TEXT,

    CONSTRAINT "Approval_pkey" PRIMARY KEY ("cancellationId")
);

-- CreateTable
CREATE TABLE "Resolution" (
    "id" UUID NOT NULL,
    "cancellationId" UUID NOT NULL,
    "happened" BOOLEAN NOT NULL,
    "evidenceKind" TEXT NOT NULL,
    "approvalNumber" TEXT,
    "agent" TEXT,
    "spokenAt" TIMESTAMPTZ(3),
    "note" TEXT NOT NULL,
    "evidenceId" UUID,
    "proposedById" UUID NOT NULL,
    "proposedAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "agreed" BOOLEAN,
    "alone" BOOLEAN NOT NULL DEFAULT false,
    "gatewayCancellationId" TEXT,
    "seenAt" TIMESTAMPTZ(3),

    CONSTRAINT "Resolution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Evidence" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "uploadedById" UUID NOT NULL,
    "uploadedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Evidence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AccountCheck" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "by" TEXT NOT NULL,
    "result" TEXT NOT NULL,
    "code" TEXT,
    "bank" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "masked" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "checkedById" UUID NOT NULL,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,
    "evidenceId" UUID,
    "confirmedById" UUID,
    "confirmedAt" TIMESTAMPTZ(3),
    "alone" BOOLEAN NOT NULL DEFAULT false,
    "cancellationId" UUID,

    CONSTRAINT "AccountCheck_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Memo" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "byId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Memo_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HandRefund" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "paidOn" TEXT NOT NULL,
    "how" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "byId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "HandRefund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shipment" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "company" TEXT NOT NULL,
    "trackingNumber" TEXT NOT NULL,
    "sentAt" TIMESTAMPTZ(3) NOT NULL,
    "sendEmail" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL,
    "cause" TEXT,
    "code" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextTryAt" TIMESTAMPTZ(3),
    "sendingSince" TIMESTAMPTZ(3),
    "inputHash" TEXT NOT NULL,
    "requestedById" UUID NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Shipment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CashReceiptOrder" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT,
    "taxFree" BIGINT,
    "type" TEXT,
    "identityNumber" TEXT,
    "identityMasked" TEXT,
    "state" TEXT NOT NULL,
    "cause" TEXT,
    "code" TEXT,
    "nextAskAt" TIMESTAMPTZ(3),
    "asked" INTEGER NOT NULL DEFAULT 0,
    "inputHash" TEXT NOT NULL,
    "requestedById" UUID NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "CashReceiptOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PersonKey" (
    "paymentId" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "PersonKey_pkey" PRIMARY KEY ("hash","storeId","paymentId")
);

-- CreateTable
CREATE TABLE "DayTotal" (
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "method" "Method" NOT NULL,
    "currency" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "counted" BOOLEAN NOT NULL,
    "approvedCount" INTEGER NOT NULL DEFAULT 0,
    "approved" BIGINT NOT NULL DEFAULT 0,
    "cancelledCount" INTEGER NOT NULL DEFAULT 0,
    "cancelled" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "DayTotal_pkey" PRIMARY KEY ("storeId","day","channelId","method","currency","counted")
);

-- CreateTable
CREATE TABLE "Export" (
    "id" UUID NOT NULL,
    "byId" UUID NOT NULL,
    "what" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReceiptLink" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "opened" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ReceiptLink_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Session_userId_lastSeenAt_idx" ON "Session"("userId", "lastSeenAt" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "RecoveryCode_hash_key" ON "RecoveryCode"("hash");

-- CreateIndex
CREATE INDEX "RecoveryCode_userId_idx" ON "RecoveryCode"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_tokenHash_key" ON "Invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "Invitation_createdAt_idx" ON "Invitation"("createdAt");

-- CreateIndex
CREATE INDEX "Resolution_cancellationId_idx" ON "Resolution"("cancellationId");

-- CreateIndex
CREATE INDEX "Evidence_storeId_idx" ON "Evidence"("storeId");

-- CreateIndex
CREATE UNIQUE INDEX "AccountCheck_cancellationId_key" ON "AccountCheck"("cancellationId");

-- CreateIndex
CREATE INDEX "AccountCheck_paymentId_idx" ON "AccountCheck"("paymentId");

-- CreateIndex
CREATE INDEX "Memo_paymentId_idx" ON "Memo"("paymentId");

-- CreateIndex
CREATE INDEX "HandRefund_paymentId_idx" ON "HandRefund"("paymentId");

-- CreateIndex
CREATE INDEX "Shipment_paymentId_idx" ON "Shipment"("paymentId");

-- CreateIndex
CREATE INDEX "Shipment_state_nextTryAt_idx" ON "Shipment"("state", "nextTryAt");

-- CreateIndex
CREATE INDEX "CashReceiptOrder_paymentId_idx" ON "CashReceiptOrder"("paymentId");

-- CreateIndex
CREATE INDEX "CashReceiptOrder_state_nextAskAt_idx" ON "CashReceiptOrder"("state", "nextAskAt");

-- CreateIndex
CREATE INDEX "PersonKey_paymentId_idx" ON "PersonKey"("paymentId");

-- CreateIndex
CREATE INDEX "Export_createdAt_idx" ON "Export"("createdAt");

-- CreateIndex
CREATE INDEX "ReceiptLink_paymentId_idx" ON "ReceiptLink"("paymentId");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Approval" ADD CONSTRAINT "Approval_cancellationId_fkey" FOREIGN KEY ("cancellationId") REFERENCES "Cancellation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Resolution" ADD CONSTRAINT "Resolution_cancellationId_fkey" FOREIGN KEY ("cancellationId") REFERENCES "Cancellation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccountCheck" ADD CONSTRAINT "AccountCheck_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccountCheck" ADD CONSTRAINT "AccountCheck_cancellationId_fkey" FOREIGN KEY ("cancellationId") REFERENCES "Cancellation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Memo" ADD CONSTRAINT "Memo_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HandRefund" ADD CONSTRAINT "HandRefund_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CashReceiptOrder" ADD CONSTRAINT "CashReceiptOrder_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonKey" ADD CONSTRAINT "PersonKey_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
