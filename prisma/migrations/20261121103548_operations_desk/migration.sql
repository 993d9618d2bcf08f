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
    "sending" INTEGER NOT NULL DEFAULT 0,
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

-- The sums of each day in Seoul. A payment counts on the day it was paid with what was received, a refund on the day it was made.
-- Order of locks: the payment's row (its refunds lock it already), then its series (store, channel, method, currency), then the
-- days. One series is one lock until the transaction ends, so two transactions about one payment each can never wait for each
-- other in a circle, whatever days they touch; a statement about many payments takes its series in order.

CREATE FUNCTION jeonpyo_day(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')
$$;

CREATE FUNCTION jeonpyo_series(store uuid, channel uuid, method "Method", currency text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended(concat_ws('/', 'day', store, channel, method, currency), 0)
$$;

CREATE FUNCTION jeonpyo_count_day(total "DayTotal") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(jeonpyo_series(total."storeId", total."channelId", total.method, total.currency));
  INSERT INTO "DayTotal" SELECT total.*
  ON CONFLICT ("storeId", day, "channelId", method, currency, counted) DO UPDATE SET
    "approvedCount" = "DayTotal"."approvedCount" + EXCLUDED."approvedCount",
    approved = "DayTotal".approved + EXCLUDED.approved,
    "cancelledCount" = "DayTotal"."cancelledCount" + EXCLUDED."cancelledCount",
    cancelled = "DayTotal".cancelled + EXCLUDED.cancelled;
END $$;

CREATE FUNCTION jeonpyo_day_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total "DayTotal";
BEGIN
  FOR total IN
    SELECT "storeId", "channelId", method, currency, jeonpyo_day("paidAt") AS day, environment <> 'test' AND NOT "testStore" AS counted,
      count(*)::integer, sum(received)::bigint, 0, 0::bigint
    FROM inserted WHERE "paidAt" IS NOT NULL
    GROUP BY "storeId", "channelId", method, currency, jeonpyo_day("paidAt"), environment <> 'test' AND NOT "testStore"
    ORDER BY jeonpyo_series("storeId", "channelId", method, currency), day, counted
  LOOP
    PERFORM jeonpyo_count_day(total);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_day AFTER INSERT ON "Payment" REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_day_inserted();

CREATE FUNCTION jeonpyo_day_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."paidAt" IS NOT NULL THEN
    RAISE EXCEPTION 'how a payment was paid, and whether it counts, is never edited';
  END IF;
  PERFORM jeonpyo_count_day(ROW(NEW."storeId", NEW."channelId", NEW.method, NEW.currency, jeonpyo_day(NEW."paidAt"),
    NEW.environment <> 'test' AND NOT NEW."testStore", 1, NEW.received, 0, 0)::"DayTotal");
  RETURN NULL;
END $$;
CREATE TRIGGER payment_day_paid AFTER UPDATE ON "Payment" FOR EACH ROW
  WHEN (NEW."paidAt" IS NOT NULL AND (OLD."paidAt" IS NULL OR (OLD.method, OLD."testStore") IS DISTINCT FROM (NEW.method, NEW."testStore")))
  EXECUTE FUNCTION jeonpyo_day_paid();

CREATE FUNCTION jeonpyo_day_refunded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total "DayTotal";
BEGIN
  FOR total IN
    SELECT p."storeId", p."channelId", p.method, p.currency, jeonpyo_day(r."refundedAt") AS day, p.environment <> 'test' AND NOT p."testStore" AS counted,
      0, 0::bigint, count(*)::integer, sum(r.amount)::bigint
    FROM inserted r JOIN "Payment" p ON p.id = r."paymentId"
    GROUP BY p."storeId", p."channelId", p.method, p.currency, jeonpyo_day(r."refundedAt"), p.environment <> 'test' AND NOT p."testStore"
    ORDER BY jeonpyo_series(p."storeId", p."channelId", p.method, p.currency), day, counted
  LOOP
    PERFORM jeonpyo_count_day(total);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_day AFTER INSERT ON "Refund" REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_day_refunded();

-- What is there already.
INSERT INTO "DayTotal"
SELECT "storeId", "channelId", method, currency, day, counted, sum(approvals), sum(approved), sum(cancels), sum(cancelled)
FROM (
  SELECT "storeId", "channelId", method, currency, jeonpyo_day("paidAt") AS day, environment <> 'test' AND NOT "testStore" AS counted,
    1 AS approvals, received AS approved, 0 AS cancels, 0::bigint AS cancelled
  FROM "Payment" WHERE "paidAt" IS NOT NULL
  UNION ALL
  SELECT p."storeId", p."channelId", p.method, p.currency, jeonpyo_day(r."refundedAt"), p.environment <> 'test' AND NOT p."testStore", 0, 0, 1, r.amount
  FROM "Refund" r JOIN "Payment" p ON p.id = r."paymentId"
) facts
GROUP BY "storeId", "channelId", method, currency, day, counted;

CREATE FUNCTION jeonpyo_day_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the sums of a day follow from payments and refunds and are never set';
END $$;
CREATE TRIGGER day_total_guard BEFORE INSERT OR UPDATE OR DELETE ON "DayTotal" FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION jeonpyo_day_total();

-- Escrow deliveries: one open order for a payment, states that exist, and the few escrow payments found without reading the rest.
CREATE UNIQUE INDEX "Shipment_one_open" ON "Shipment"("paymentId") WHERE state IN ('WAITING', 'SENDING', 'UNCONFIRMED');
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_state_check" CHECK (state IN ('WAITING', 'SENDING', 'UNCONFIRMED', 'DONE', 'DECLINED', 'WITHDRAWN'));
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_kind_check" CHECK (kind IN ('register', 'change'));
CREATE INDEX "Payment_escrow_idx" ON "Payment"("storeId", "approvedAt" DESC, id DESC) WHERE escrow IS NOT NULL;

-- What people wrote beside a payment is a record: appended, never edited. PersonKey holds what is true now, so it is not among them.
CREATE TRIGGER memo_append_only BEFORE UPDATE OR DELETE ON "Memo" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER memo_no_truncate BEFORE TRUNCATE ON "Memo" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER hand_refund_append_only BEFORE UPDATE OR DELETE ON "HandRefund" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER hand_refund_no_truncate BEFORE TRUNCATE ON "HandRefund" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
ALTER TABLE "HandRefund" ADD CONSTRAINT "HandRefund_amount_check" CHECK (amount > 0);

-- Two people, proofs and people's decisions: what the database refuses, whoever asks.
CREATE INDEX "Cancellation_scheduled" ON "Cancellation" ("dueAt") WHERE state = 'SCHEDULED';
CREATE UNIQUE INDEX "Resolution_one_waiting" ON "Resolution" ("cancellationId") WHERE "decidedAt" IS NULL;
CREATE UNIQUE INDEX "Resolution_one_agreed" ON "Resolution" ("cancellationId") WHERE agreed;

CREATE FUNCTION jeonpyo_cancellation_desk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pays_into_account boolean;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW."refundAccount", NEW."refundAccountMasked", NEW."refundAccountHash", NEW."afterId", NEW."requestedAt")
    IS DISTINCT FROM (OLD."refundAccount", OLD."refundAccountMasked", OLD."refundAccountHash", OLD."afterId", OLD."requestedAt") THEN
    RAISE EXCEPTION 'what a cancellation asks for is never edited';
  END IF;
  IF NEW.state = 'SCHEDULED' AND NEW."dueAt" IS NULL THEN RAISE EXCEPTION 'what is scheduled has a due time'; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'AWAITING_APPROVAL' AND NEW.state IN ('READY', 'SCHEDULED')
    AND NOT EXISTS (SELECT 1 FROM "Approval" WHERE "cancellationId" = NEW.id AND approved AND "decidedById" <> NEW."requestedById") THEN
    RAISE EXCEPTION 'a second person must agree first';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.kind = 'CANCEL' AND NEW.state <> 'AWAITING_APPROVAL' AND EXISTS (
    SELECT 1 FROM "Resolution" r JOIN "Cancellation" c ON c.id = r."cancellationId"
    WHERE c."paymentId" = NEW."paymentId" AND c.kind = 'CANCEL' AND r.agreed AND NOT r.happened) THEN
    RAISE EXCEPTION 'after people decided that a cancel did not happen, a second person must agree to another';
  END IF;
  IF NEW.state = 'SENDING' AND TG_OP = 'UPDATE' AND OLD.state <> 'SENDING' THEN
    IF EXISTS (SELECT 1 FROM "Store" WHERE id = NEW."storeId" AND "stoppedAt" IS NOT NULL) THEN
      RAISE EXCEPTION 'sending is stopped for this store';
    END IF;
    SELECT method = 'VIRTUAL_ACCOUNT' AND NEW.kind = 'CANCEL' INTO pays_into_account FROM "Payment" WHERE id = NEW."paymentId";
    IF (pays_into_account OR NEW."refundAccountHash" IS NOT NULL) AND NOT EXISTS (
      SELECT 1 FROM "AccountCheck" WHERE "cancellationId" = NEW.id AND "paymentId" = NEW."paymentId" AND result = 'MATCHED' AND hash = NEW."refundAccountHash") THEN
      RAISE EXCEPTION 'a refund into an account needs the check that proves it';
    END IF;
  END IF;
  IF NEW.state = 'DONE' AND NEW.kind = 'CLOSE' AND NOT EXISTS (SELECT 1 FROM "Payment" WHERE id = NEW."paymentId" AND "closedAt" IS NOT NULL) THEN
    RAISE EXCEPTION 'closing is done when the account is closed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cancellation_desk_guard BEFORE INSERT OR UPDATE ON "Cancellation" FOR EACH ROW EXECUTE FUNCTION jeonpyo_cancellation_desk();

-- The permission to talk, a replay's too. The store's row is shared, so that whoever stops it waits for this, or this sees the stop.
CREATE FUNCTION jeonpyo_attempt_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stopped timestamptz;
BEGIN
  SELECT s."stoppedAt" INTO stopped FROM "Store" s JOIN "Cancellation" c ON c."storeId" = s.id WHERE c.id = NEW."cancellationId" FOR SHARE OF s;
  IF stopped IS NOT NULL THEN RAISE EXCEPTION 'sending is stopped for this store'; END IF;
  IF EXISTS (SELECT 1 FROM "Cancellation" WHERE id = NEW."cancellationId" AND state IN ('AWAITING_APPROVAL', 'SCHEDULED', 'REJECTED', 'WITHDRAWN')) THEN
    RAISE EXCEPTION 'nothing is sent of what waits or was taken back';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_begins BEFORE INSERT ON "Attempt" FOR EACH ROW EXECUTE FUNCTION jeonpyo_attempt_begins();

CREATE FUNCTION jeonpyo_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW."decidedAt" IS NOT NULL THEN RAISE EXCEPTION 'nothing begins decided'; END IF;
  IF TG_OP = 'UPDATE' AND (OLD."decidedAt" IS NOT NULL OR (NEW."cancellationId", NEW.reasons, NEW.snapshot, NEW."snapshotHash", NEW."expiresAt")
    IS DISTINCT FROM (OLD."cancellationId", OLD.reasons, OLD.snapshot, OLD."snapshotHash", OLD."expiresAt")) THEN
    RAISE EXCEPTION 'what a second person agrees to is frozen, and decided once';
  END IF;
  IF (NEW."decidedById" IS NULL) <> (NEW."decidedAt" IS NULL) OR (NEW.approved IS NULL) <> (NEW."decidedAt" IS NULL) THEN
    RAISE EXCEPTION 'a decision has a person and a time';
  END IF;
  IF EXISTS (SELECT 1 FROM "Cancellation" WHERE id = NEW."cancellationId" AND "requestedById" = NEW."decidedById") THEN
    RAISE EXCEPTION 'nobody decides about their own request';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_guard BEFORE INSERT OR UPDATE ON "Approval" FOR EACH ROW EXECUTE FUNCTION jeonpyo_approval();

CREATE FUNCTION jeonpyo_resolution() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  alone_allowed boolean;
BEGIN
  IF TG_OP = 'INSERT' AND NEW."decidedAt" IS NOT NULL THEN RAISE EXCEPTION 'nothing begins decided'; END IF;
  IF (NEW."decidedById" IS NULL) <> (NEW."decidedAt" IS NULL) OR (NEW.agreed IS NULL) <> (NEW."decidedAt" IS NULL) THEN
    RAISE EXCEPTION 'a decision has a person and a time';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - '{decidedById,decidedAt,agreed,alone,gatewayCancellationId,seenAt}'::text[]
      IS DISTINCT FROM to_jsonb(OLD) - '{decidedById,decidedAt,agreed,alone,gatewayCancellationId,seenAt}'::text[] THEN
      RAISE EXCEPTION 'what somebody said is never edited';
    END IF;
    IF OLD."decidedAt" IS NOT NULL AND (NEW."decidedById", NEW."decidedAt", NEW.agreed, NEW.alone) IS DISTINCT FROM (OLD."decidedById", OLD."decidedAt", OLD.agreed, OLD.alone) THEN
      RAISE EXCEPTION 'a decision is made once';
    END IF;
    IF OLD."seenAt" IS NOT NULL AND (NEW."seenAt", NEW."gatewayCancellationId") IS DISTINCT FROM (OLD."seenAt", OLD."gatewayCancellationId") THEN
      RAISE EXCEPTION 'what was seen is never edited';
    END IF;
  END IF;
  IF NEW.agreed AND NEW."decidedById" = NEW."proposedById" THEN
    SELECT s."oneAfterDay" INTO alone_allowed FROM "Cancellation" c JOIN "Store" s ON s.id = c."storeId" WHERE c.id = NEW."cancellationId";
    IF NOT NEW.alone OR (OLD."decidedAt" IS NULL AND NOT alone_allowed) OR NEW."decidedAt" < NEW."proposedAt" + interval '24 hours' THEN
      RAISE EXCEPTION 'nobody decides about their own proposal';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER resolution_guard BEFORE INSERT OR UPDATE ON "Resolution" FOR EACH ROW EXECUTE FUNCTION jeonpyo_resolution();

CREATE FUNCTION jeonpyo_refund_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM "Resolution" WHERE "cancellationId" = NEW."cancellationId" AND agreed AND happened) THEN
    RAISE EXCEPTION 'a refund that only people vouch for needs their decision';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_people BEFORE INSERT ON "Refund" FOR EACH ROW WHEN (NEW."gatewayCancellationId" LIKE 'people:%') EXECUTE FUNCTION jeonpyo_refund_people();

CREATE FUNCTION jeonpyo_account_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  alone_allowed boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - '{result,confirmedById,confirmedAt,alone,cancellationId}'::text[]
      IS DISTINCT FROM to_jsonb(OLD) - '{result,confirmedById,confirmedAt,alone,cancellationId}'::text[] THEN
      RAISE EXCEPTION 'what was checked is never edited';
    END IF;
    IF OLD.result <> 'AWAITING' AND (NEW.result, NEW."confirmedById", NEW."confirmedAt", NEW.alone) IS DISTINCT FROM (OLD.result, OLD."confirmedById", OLD."confirmedAt", OLD.alone) THEN
      RAISE EXCEPTION 'what a check found is never edited';
    END IF;
    IF OLD."cancellationId" IS NOT NULL AND NEW."cancellationId" IS DISTINCT FROM OLD."cancellationId" THEN
      RAISE EXCEPTION 'a proof serves once';
    END IF;
  ELSIF NEW."by" <> 'gateway' AND NEW.result <> 'AWAITING' THEN
    RAISE EXCEPTION 'a proof by people begins with one of them';
  ELSIF NOT EXISTS (SELECT 1 FROM "Payment" WHERE id = NEW."paymentId" AND "storeId" = NEW."storeId") THEN
    RAISE EXCEPTION 'a proof is of the store of its payment';
  END IF;
  IF NEW."cancellationId" IS NOT NULL AND (NEW.result <> 'MATCHED' OR NOT EXISTS (
    SELECT 1 FROM "Cancellation" WHERE id = NEW."cancellationId" AND "paymentId" = NEW."paymentId" AND "refundAccountHash" = NEW.hash)) THEN
    RAISE EXCEPTION 'a proof belongs to one payment and one account';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.result = 'AWAITING' AND NEW.result = 'MATCHED' THEN
    SELECT "oneAfterDay" INTO alone_allowed FROM "Store" WHERE id = NEW."storeId";
    IF NEW."confirmedById" IS NULL OR (NEW."confirmedById" = NEW."checkedById"
      AND (NOT NEW.alone OR NOT alone_allowed OR NEW."confirmedAt" < NEW."checkedAt" + interval '24 hours')) THEN
      RAISE EXCEPTION 'nobody confirms their own proof';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_check_guard BEFORE INSERT OR UPDATE ON "AccountCheck" FOR EACH ROW EXECUTE FUNCTION jeonpyo_account_check();

CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE ON "Evidence" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER resolution_kept BEFORE DELETE ON "Resolution" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER approval_kept BEFORE DELETE ON "Approval" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER account_check_kept BEFORE DELETE ON "AccountCheck" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON "Evidence" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER resolution_no_truncate BEFORE TRUNCATE ON "Resolution" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON "Approval" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER account_check_no_truncate BEFORE TRUNCATE ON "AccountCheck" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
