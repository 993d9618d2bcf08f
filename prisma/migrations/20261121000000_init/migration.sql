-- The tables, and what the database itself refuses.

-- CreateEnum
CREATE TYPE "Gateway" AS ENUM ('ksnet', 'kcp', 'portone');

-- CreateEnum
CREATE TYPE "Environment" AS ENUM ('sandbox', 'test', 'live');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('VIEWER', 'OPERATOR', 'MANAGER');

-- CreateEnum
CREATE TYPE "Method" AS ENUM ('CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'EASY_PAY', 'OTHER');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('ISSUED', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CLOSED');

-- CreateEnum
CREATE TYPE "ReferenceKind" AS ENUM ('TRNO', 'TNO', 'PAYMENT_ID', 'TRANSACTION_ID', 'ORDER_NUMBER', 'APPROVAL_NUMBER', 'CANCEL_APPROVAL_NUMBER');

-- CreateEnum
CREATE TYPE "CancellationKind" AS ENUM ('CANCEL', 'CLOSE');

-- CreateEnum
CREATE TYPE "CancellationState" AS ENUM ('AWAITING_APPROVAL', 'SCHEDULED', 'READY', 'SENDING', 'ACCEPTED', 'UNCONFIRMED', 'DONE', 'DECLINED', 'REJECTED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "NoticeState" AS ENUM ('STORED', 'APPLIED', 'IGNORED');

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "demo" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "owner" BOOLEAN NOT NULL DEFAULT false,
    "disabledAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Grant" (
    "userId" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "role" "Role" NOT NULL,

    CONSTRAINT "Grant_pkey" PRIMARY KEY ("userId","storeId")
);

-- CreateTable
CREATE TABLE "Store" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Store_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GatewayAccount" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "gateway" "Gateway" NOT NULL,
    "environment" "Environment" NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" JSONB NOT NULL,
    "hints" JSONB NOT NULL,
    "feedCursor" TEXT,
    "feedReadAt" TIMESTAMPTZ(3),
    "feedError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "GatewayAccount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Channel" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "pg" TEXT NOT NULL,
    "mid" TEXT NOT NULL,
    "contract" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payment" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "environment" "Environment" NOT NULL,
    "testStore" BOOLEAN NOT NULL DEFAULT false,
    "pg" TEXT NOT NULL,
    "mid" TEXT NOT NULL,
    "pgTxId" TEXT,
    "method" "Method" NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "taxFree" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL DEFAULT 0,
    "partialLimit" INTEGER,
    "received" BIGINT NOT NULL DEFAULT 0,
    "receivedTaxFree" BIGINT NOT NULL DEFAULT 0,
    "refunded" BIGINT NOT NULL DEFAULT 0,
    "refundedTaxFree" BIGINT NOT NULL DEFAULT 0,
    "open" BIGINT NOT NULL DEFAULT 0,
    "openTaxFree" BIGINT NOT NULL DEFAULT 0,
    "openCount" INTEGER NOT NULL DEFAULT 0,
    "status" "PaymentStatus" NOT NULL DEFAULT 'ISSUED',
    "orderName" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "approvedAt" TIMESTAMPTZ(3) NOT NULL,
    "paidAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "lastRefundAt" TIMESTAMPTZ(3),
    "buyerMasked" TEXT,
    "personalSealed" TEXT,
    "methodFacts" JSONB NOT NULL,
    "receiptUrl" TEXT,
    "escrow" JSONB,
    "cashReceipt" JSONB,
    "gatewayRecord" JSONB,
    "gatewayReadAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reference" (
    "paymentId" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "kind" "ReferenceKind" NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Reference_pkey" PRIMARY KEY ("paymentId","channelId","kind","value")
);

-- CreateTable
CREATE TABLE "Cancellation" (
    "id" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "kind" "CancellationKind" NOT NULL,
    "state" "CancellationState" NOT NULL,
    "amount" BIGINT NOT NULL,
    "taxFree" BIGINT NOT NULL,
    "partial" BOOLEAN NOT NULL,
    "sequence" INTEGER,
    "remainderShown" BIGINT NOT NULL,
    "remainderTaxFreeShown" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "requestedById" UUID NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "sendingSince" TIMESTAMPTZ(3),
    "settleBy" TIMESTAMPTZ(3),
    "nextAskAt" TIMESTAMPTZ(3),
    "asked" INTEGER NOT NULL DEFAULT 0,
    "notSent" INTEGER NOT NULL DEFAULT 0,
    "gatewayCancellationId" TEXT,
    "approvalNumber" TEXT,
    "cause" TEXT,
    "declineCode" TEXT,
    "declineMessage" TEXT,
    "evidence" JSONB,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Cancellation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" UUID NOT NULL,
    "cancellationId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "settleBy" TIMESTAMPTZ(3) NOT NULL,
    "wire" TEXT NOT NULL,
    "remainder" BIGINT NOT NULL,
    "outcome" TEXT,
    "cause" TEXT,
    "answeredAt" TIMESTAMPTZ(3),
    "transcript" JSONB,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Refund" (
    "id" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "gatewayCancellationId" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "taxFree" BIGINT NOT NULL,
    "partial" BOOLEAN NOT NULL,
    "sequence" INTEGER,
    "refundedAt" TIMESTAMPTZ(3) NOT NULL,
    "approvalNumber" TEXT,
    "reason" TEXT,
    "trigger" TEXT,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,
    "cancellationId" UUID,

    CONSTRAINT "Refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Task" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "messageId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "NoticeState" NOT NULL DEFAULT 'STORED',
    "result" TEXT,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "appliedAt" TIMESTAMPTZ(3),
    "repeats" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "actorId" UUID,
    "storeId" UUID,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "subject" TEXT,
    "subjectId" TEXT,
    "facts" JSONB NOT NULL,
    "requestId" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RateLimiterFlexible" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" TIMESTAMP(3),

    CONSTRAINT "RateLimiterFlexible_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "GatewayAccount_storeId_idx" ON "GatewayAccount"("storeId");

-- CreateIndex
CREATE UNIQUE INDEX "Channel_accountId_key_key" ON "Channel"("accountId", "key");

-- CreateIndex
CREATE INDEX "Payment_storeId_approvedAt_id_idx" ON "Payment"("storeId", "approvedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Payment_storeId_requestedAt_id_idx" ON "Payment"("storeId", "requestedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Payment_storeId_lastRefundAt_id_idx" ON "Payment"("storeId", "lastRefundAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Payment_pg_mid_pgTxId_key" ON "Payment"("pg", "mid", "pgTxId");

-- CreateIndex
CREATE INDEX "Reference_value_storeId_idx" ON "Reference"("value", "storeId");

-- CreateIndex
CREATE UNIQUE INDEX "Cancellation_token_key" ON "Cancellation"("token");

-- CreateIndex
CREATE INDEX "Cancellation_paymentId_idx" ON "Cancellation"("paymentId");

-- CreateIndex
CREATE INDEX "Cancellation_storeId_requestedAt_id_idx" ON "Cancellation"("storeId", "requestedAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Cancellation_channelId_gatewayCancellationId_key" ON "Cancellation"("channelId", "gatewayCancellationId");

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_cancellationId_number_key" ON "Attempt"("cancellationId", "number");

-- CreateIndex
CREATE INDEX "Refund_paymentId_idx" ON "Refund"("paymentId");

-- CreateIndex
CREATE INDEX "Refund_cancellationId_idx" ON "Refund"("cancellationId");

-- CreateIndex
CREATE UNIQUE INDEX "Refund_channelId_gatewayCancellationId_key" ON "Refund"("channelId", "gatewayCancellationId");

-- CreateIndex
CREATE INDEX "Task_storeId_dueAt_idx" ON "Task"("storeId", "dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "Task_paymentId_kind_key_key" ON "Task"("paymentId", "kind", "key");

-- CreateIndex
CREATE INDEX "Notice_state_receivedAt_idx" ON "Notice"("state", "receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_accountId_messageId_key" ON "Notice"("accountId", "messageId");

-- CreateIndex
CREATE INDEX "AuditEntry_storeId_id_idx" ON "AuditEntry"("storeId", "id" DESC);

-- CreateIndex
CREATE INDEX "AuditEntry_subjectId_id_idx" ON "AuditEntry"("subjectId", "id" DESC);

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GatewayAccount" ADD CONSTRAINT "GatewayAccount_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Channel" ADD CONSTRAINT "Channel_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "GatewayAccount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_storeId_fkey" FOREIGN KEY ("storeId") REFERENCES "Store"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "Channel"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reference" ADD CONSTRAINT "Reference_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cancellation" ADD CONSTRAINT "Cancellation_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_cancellationId_fkey" FOREIGN KEY ("cancellationId") REFERENCES "Cancellation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_cancellationId_fkey" FOREIGN KEY ("cancellationId") REFERENCES "Cancellation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Task" ADD CONSTRAINT "Task_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "GatewayAccount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the database itself refuses, whoever asks: over-refund, a tenth sequence, two open intents, a step that a
-- cancellation's life does not have, sums edited by hand, facts and audit rows changed or removed.

CREATE FUNCTION jeonpyo_open(state "CancellationState") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT state NOT IN ('DONE', 'DECLINED', 'REJECTED', 'WITHDRAWN')
$$;

CREATE FUNCTION jeonpyo_may_follow(old_state "CancellationState", new_state "CancellationState") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT old_state = new_state OR (old_state, new_state) IN (
    ('AWAITING_APPROVAL', 'READY'), ('AWAITING_APPROVAL', 'SCHEDULED'), ('AWAITING_APPROVAL', 'REJECTED'), ('AWAITING_APPROVAL', 'WITHDRAWN'),
    ('SCHEDULED', 'READY'), ('SCHEDULED', 'WITHDRAWN'),
    ('READY', 'SENDING'), ('READY', 'WITHDRAWN'),
    ('SENDING', 'DONE'), ('SENDING', 'DECLINED'), ('SENDING', 'ACCEPTED'), ('SENDING', 'UNCONFIRMED'), ('SENDING', 'READY'),
    ('ACCEPTED', 'DONE'), ('ACCEPTED', 'DECLINED'), ('ACCEPTED', 'UNCONFIRMED'),
    ('UNCONFIRMED', 'DONE'), ('UNCONFIRMED', 'DECLINED'), ('UNCONFIRMED', 'ACCEPTED')
  )
$$;

CREATE UNIQUE INDEX "Cancellation_one_open" ON "Cancellation" ("paymentId") WHERE state NOT IN ('DONE', 'DECLINED', 'REJECTED', 'WITHDRAWN');
CREATE UNIQUE INDEX "Cancellation_sequence" ON "Cancellation" ("paymentId", "sequence") WHERE "sequence" IS NOT NULL AND state NOT IN ('DECLINED', 'REJECTED', 'WITHDRAWN');
CREATE INDEX "Cancellation_due" ON "Cancellation" ("nextAskAt") WHERE state IN ('READY', 'SENDING', 'UNCONFIRMED', 'ACCEPTED');
CREATE UNIQUE INDEX "Refund_one_each" ON "Refund" ("cancellationId") WHERE "cancellationId" IS NOT NULL;
CREATE UNIQUE INDEX "Reference_one_payment" ON "Reference" ("channelId", value) WHERE kind = 'PAYMENT_ID';
CREATE INDEX "Payment_busy" ON "Payment" ("storeId", "approvedAt" DESC, id DESC) WHERE "openCount" > 0;
CREATE INDEX "Task_open" ON "Task" ("storeId", "dueAt") WHERE "resolvedAt" IS NULL;

ALTER TABLE "Cancellation"
  ADD CONSTRAINT "Cancellation_amounts" CHECK ("taxFree" BETWEEN 0 AND amount AND ((kind = 'CANCEL' AND amount > 0) OR (kind = 'CLOSE' AND amount = 0)));
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_amounts" CHECK (amount >= 0 AND "taxFree" BETWEEN 0 AND amount);
ALTER TABLE "Payment"
  ADD CONSTRAINT "Payment_amounts" CHECK (amount >= 0 AND received >= 0 AND "receivedTaxFree" BETWEEN 0 AND received AND refunded >= 0 AND open >= 0 AND "openCount" BETWEEN 0 AND 1);
ALTER TABLE "Installation" ADD CONSTRAINT "Installation_one" CHECK (id = 1);

CREATE FUNCTION jeonpyo_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() = 1
    AND (NEW.refunded, NEW."refundedTaxFree", NEW.open, NEW."openTaxFree", NEW."openCount")
      IS DISTINCT FROM (OLD.refunded, OLD."refundedTaxFree", OLD.open, OLD."openTaxFree", OLD."openCount") THEN
    RAISE EXCEPTION 'the sums of a payment follow from its facts and are never set';
  END IF;
  IF TG_OP = 'INSERT' AND (NEW.refunded, NEW."refundedTaxFree", NEW.open, NEW."openTaxFree", NEW."openCount") IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0) THEN
    RAISE EXCEPTION 'a new payment has no sums yet';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW."storeId", NEW."channelId", NEW.environment, NEW.pg, NEW.mid, NEW.currency)
    IS DISTINCT FROM (OLD."storeId", OLD."channelId", OLD.environment, OLD.pg, OLD.mid, OLD.currency) THEN
    RAISE EXCEPTION 'whose a payment is is never edited';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD."paidAt" IS NOT NULL
    AND (NEW.received, NEW."receivedTaxFree", NEW."paidAt") IS DISTINCT FROM (OLD.received, OLD."receivedTaxFree", OLD."paidAt") THEN
    RAISE EXCEPTION 'what was received is never edited';
  END IF;
  NEW.status := CASE
    WHEN NEW."paidAt" IS NULL AND NEW."closedAt" IS NOT NULL THEN 'CLOSED'
    WHEN NEW."paidAt" IS NULL THEN 'ISSUED'
    WHEN NEW.refunded = 0 THEN 'PAID'
    WHEN NEW.refunded < NEW.received THEN 'PARTIALLY_REFUNDED'
    ELSE 'REFUNDED'
  END;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_guard BEFORE INSERT OR UPDATE ON "Payment" FOR EACH ROW EXECUTE FUNCTION jeonpyo_payment();

CREATE FUNCTION jeonpyo_cancellation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payment "Payment";
  was_open boolean := false;
BEGIN
  -- The payment's row orders all that would change its sums.
  SELECT * INTO payment FROM "Payment" WHERE id = NEW."paymentId" FOR UPDATE;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('AWAITING_APPROVAL', 'SCHEDULED', 'READY') THEN
      RAISE EXCEPTION 'a cancellation begins as an intent, not as %', NEW.state;
    END IF;
    IF (NEW."storeId", NEW."channelId") IS DISTINCT FROM (payment."storeId", payment."channelId") THEN
      RAISE EXCEPTION 'a cancellation belongs to the store and channel of its payment';
    END IF;
    IF payment.refunded + payment.open + NEW.amount > payment.received
      OR payment."refundedTaxFree" + payment."openTaxFree" + NEW."taxFree" > payment."receivedTaxFree"
      OR (payment.refunded - payment."refundedTaxFree") + (payment.open - payment."openTaxFree") + (NEW.amount - NEW."taxFree") > payment.received - payment."receivedTaxFree" THEN
      RAISE EXCEPTION 'over-refund: % of % received, % refunded, % open', NEW.amount, payment.received, payment.refunded, payment.open;
    END IF;
  ELSE
    IF (NEW."paymentId", NEW."storeId", NEW."channelId", NEW.kind, NEW.amount, NEW."taxFree", NEW.partial, NEW."remainderShown", NEW.reason, NEW.token, NEW."inputHash", NEW."requestedById")
      IS DISTINCT FROM (OLD."paymentId", OLD."storeId", OLD."channelId", OLD.kind, OLD.amount, OLD."taxFree", OLD.partial, OLD."remainderShown", OLD.reason, OLD.token, OLD."inputHash", OLD."requestedById") THEN
      RAISE EXCEPTION 'what a cancellation asks for is never edited';
    END IF;
    IF NOT jeonpyo_open(OLD.state) AND NEW IS DISTINCT FROM OLD AND jeonpyo_may_follow(OLD.state, NEW.state) THEN
      RAISE EXCEPTION 'how a cancellation ended is never edited';
    END IF;
    IF NOT jeonpyo_may_follow(OLD.state, NEW.state) THEN
      RAISE EXCEPTION 'a cancellation does not go from % to %', OLD.state, NEW.state;
    END IF;
    was_open := jeonpyo_open(OLD.state);
  END IF;
  IF NEW.state = 'SENDING' AND TG_OP = 'UPDATE' AND OLD.state <> 'SENDING' THEN
    IF payment.refunded + payment.open > payment.received THEN
      RAISE EXCEPTION 'over-refund: % refunded, % open of % received', payment.refunded, payment.open, payment.received;
    END IF;
    IF NEW.partial AND payment."partialLimit" IS NOT NULL AND NEW.sequence IS NULL THEN
      RAISE EXCEPTION 'a partial cancel needs a sequence number';
    END IF;
  END IF;
  IF NEW.sequence IS NOT NULL AND (NEW.sequence < 1 OR NEW.sequence > COALESCE(payment."partialLimit", 0)) THEN
    RAISE EXCEPTION 'sequence % is outside 1..%', NEW.sequence, payment."partialLimit";
  END IF;
  IF NEW.sequence IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.sequence IS DISTINCT FROM OLD.sequence)
    AND EXISTS (SELECT 1 FROM "Refund" WHERE "paymentId" = NEW."paymentId" AND "cancellationId" IS NULL AND sequence = NEW.sequence) THEN
    RAISE EXCEPTION 'sequence % was used by a cancel made elsewhere', NEW.sequence;
  END IF;
  IF NEW.state = 'DONE' AND NEW.kind = 'CANCEL' AND NOT EXISTS (SELECT 1 FROM "Refund" WHERE "cancellationId" = NEW.id AND "paymentId" = NEW."paymentId" AND amount = NEW.amount AND "taxFree" = NEW."taxFree") THEN
    RAISE EXCEPTION 'done needs the refund that proves it';
  END IF;
  IF was_open <> jeonpyo_open(NEW.state) THEN
    UPDATE "Payment" SET
      open = open + CASE WHEN was_open THEN -NEW.amount ELSE NEW.amount END,
      "openTaxFree" = "openTaxFree" + CASE WHEN was_open THEN -NEW."taxFree" ELSE NEW."taxFree" END,
      "openCount" = "openCount" + CASE WHEN was_open THEN -1 ELSE 1 END
    WHERE id = NEW."paymentId";
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cancellation_guard BEFORE INSERT OR UPDATE ON "Cancellation" FOR EACH ROW EXECUTE FUNCTION jeonpyo_cancellation();

CREATE FUNCTION jeonpyo_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD."cancellationId" IS NOT NULL OR to_jsonb(NEW) - 'cancellationId' IS DISTINCT FROM to_jsonb(OLD) - 'cancellationId' THEN
      RAISE EXCEPTION 'a refund is a fact and is never edited';
    END IF;
    RETURN NEW;
  END IF;
  UPDATE "Payment" SET
    refunded = refunded + NEW.amount,
    "refundedTaxFree" = "refundedTaxFree" + NEW."taxFree",
    "lastRefundAt" = GREATEST("lastRefundAt", NEW."refundedAt")
  WHERE id = NEW."paymentId";
  RETURN NEW;
END $$;
CREATE TRIGGER refund_guard BEFORE INSERT OR UPDATE ON "Refund" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refund();

CREATE FUNCTION jeonpyo_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW."cancellationId", NEW.number, NEW.wire, NEW."startedAt") IS DISTINCT FROM (OLD."cancellationId", OLD.number, OLD.wire, OLD."startedAt") THEN
    RAISE EXCEPTION 'what was sent is never edited';
  END IF;
  IF OLD.outcome IS NOT NULL THEN RAISE EXCEPTION 'an outcome is recorded once'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_guard BEFORE UPDATE ON "Attempt" FOR EACH ROW EXECUTE FUNCTION jeonpyo_attempt();

CREATE FUNCTION jeonpyo_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON "AuditEntry" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER refund_no_truncate BEFORE TRUNCATE ON "Refund" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER cancellation_no_truncate BEFORE TRUNCATE ON "Cancellation" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON "Attempt" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER payment_no_truncate BEFORE TRUNCATE ON "Payment" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER refund_kept BEFORE DELETE ON "Refund" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER cancellation_kept BEFORE DELETE ON "Cancellation" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER attempt_kept BEFORE DELETE ON "Attempt" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER payment_kept BEFORE DELETE ON "Payment" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
