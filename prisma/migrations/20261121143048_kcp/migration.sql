-- CreateEnum
CREATE TYPE "Mode" AS ENUM ('portone', 'page', 'socket', 'rest', 'module');

-- AlterTable
ALTER TABLE "GatewayAccount" ADD COLUMN     "mode" "Mode" NOT NULL DEFAULT 'portone',
ADD COLUMN     "noticeRound" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Payment" ADD COLUMN     "confirmedAt" TIMESTAMPTZ(3),
ADD COLUMN     "confirmedById" UUID,
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'gateway';

-- AlterTable
ALTER TABLE "AccountCheck" ADD COLUMN     "accountId" UUID,
ADD COLUMN     "message" TEXT,
ADD COLUMN     "reference" TEXT,
ADD COLUMN     "referenceTime" TEXT;

-- AlterTable
ALTER TABLE "Shipment" ADD COLUMN     "endedById" UUID,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "reason" TEXT;

-- CreateTable
CREATE TABLE "Deposit" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "noticeId" UUID,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "bank" TEXT,
    "number" TEXT,
    "state" TEXT NOT NULL,
    "why" TEXT,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedBy" TEXT,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "Deposit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "endsIn" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PaymentImport" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "columns" JSONB NOT NULL,
    "rows" INTEGER NOT NULL,
    "added" INTEGER NOT NULL,
    "known" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "byId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PaymentImport_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Deposit_paymentId_idx" ON "Deposit"("paymentId");

-- CreateIndex
CREATE UNIQUE INDEX "Deposit_accountId_key_key" ON "Deposit"("accountId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE INDEX "ApiToken_storeId_idx" ON "ApiToken"("storeId");

-- CreateIndex
CREATE INDEX "PaymentImport_accountId_at_idx" ON "PaymentImport"("accountId", "at");

-- CreateIndex
CREATE INDEX "Notice_result_idx" ON "Notice"("result");

-- AddForeignKey
ALTER TABLE "Deposit" ADD CONSTRAINT "Deposit_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "GatewayAccount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Deposit" ADD CONSTRAINT "Deposit_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was there came by PortOne; every later account says how it is reached.
ALTER TABLE "GatewayAccount" ALTER COLUMN "mode" DROP DEFAULT;
ALTER TABLE "GatewayAccount" ADD CONSTRAINT "GatewayAccount_mode_check" CHECK (
  (gateway = 'portone' AND mode = 'portone') OR (gateway = 'kcp' AND mode IN ('module', 'rest')) OR (gateway = 'ksnet' AND mode IN ('page', 'socket', 'rest')));

ALTER TABLE "Shipment" DROP CONSTRAINT "Shipment_kind_check";
ALTER TABLE "Shipment" ADD CONSTRAINT "Shipment_kind_check" CHECK (kind IN ('register', 'change', 'hold'));

ALTER TABLE "Payment" ADD CONSTRAINT "Payment_source_check" CHECK (source IN ('gateway', 'shop', 'file', 'notice'));
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_confirmed_check" CHECK (("confirmedById" IS NULL) = ("confirmedAt" IS NULL));

-- As before, but a deposit's own trigger may change what was received, and nothing else may; who told of a payment only gets better.
CREATE OR REPLACE FUNCTION jeonpyo_payment() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() = 1 AND OLD."paidAt" IS NOT NULL
    AND (NEW.received, NEW."receivedTaxFree", NEW."paidAt") IS DISTINCT FROM (OLD.received, OLD."receivedTaxFree", OLD."paidAt") THEN
    RAISE EXCEPTION 'what was received is never edited';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.source IS DISTINCT FROM OLD.source AND (OLD.source = 'gateway' OR NEW.source = 'notice') THEN
    RAISE EXCEPTION 'who told of a payment goes from notice to shop or file to gateway, not from % to %', OLD.source, NEW.source;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD."confirmedAt" IS NOT NULL
    AND (NEW."confirmedById", NEW."confirmedAt") IS DISTINCT FROM (OLD."confirmedById", OLD."confirmedAt") THEN
    RAISE EXCEPTION 'who vouched for a payment is never edited';
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

-- What only an unsigned notice told is not given back.
CREATE FUNCTION jeonpyo_cancellation_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'CANCEL' AND EXISTS (SELECT 1 FROM "Payment" WHERE id = NEW."paymentId" AND source = 'notice' AND "confirmedAt" IS NULL) THEN
    RAISE EXCEPTION 'told by a notice alone: neither the gateway''s record nor a person confirmed it';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cancellation_source_guard BEFORE INSERT ON "Cancellation" FOR EACH ROW EXECUTE FUNCTION jeonpyo_cancellation_source();

-- A deposit is appended and decided once. Once it counts, what was received follows, as do the sums of its day.
ALTER TABLE "Deposit" ADD CONSTRAINT "Deposit_check" CHECK (amount > 0 AND kind IN ('deposit', 'reversal')
  AND ((state = 'UNVERIFIED' AND why IS NOT NULL AND "decidedBy" IS NULL AND "decidedAt" IS NULL AND "decidedById" IS NULL)
    OR (state IN ('APPLIED', 'REFUSED') AND "decidedBy" IS NOT NULL AND "decidedBy" IN ('notice', 'record', 'person') AND "decidedAt" IS NOT NULL
      AND ("decidedBy" = 'person') = ("decidedById" IS NOT NULL))));
CREATE INDEX "Deposit_unverified" ON "Deposit" ("storeId", "seenAt") WHERE state = 'UNVERIFIED';

CREATE FUNCTION jeonpyo_deposit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payment "Payment";
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state <> 'UNVERIFIED' OR (to_jsonb(NEW) - '{state,decidedBy,decidedById,decidedAt,note}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{state,decidedBy,decidedById,decidedAt,note}'::text[]) THEN
      RAISE EXCEPTION 'a deposit is a fact, decided once and never edited';
    END IF;
  END IF;
  SELECT * INTO payment FROM "Payment" WHERE id = NEW."paymentId" FOR UPDATE;
  IF (payment."storeId", payment.method) IS DISTINCT FROM (NEW."storeId", 'VIRTUAL_ACCOUNT'::"Method") THEN
    RAISE EXCEPTION 'a deposit belongs to a virtual account of its store';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deposit_guard BEFORE INSERT OR UPDATE ON "Deposit" FOR EACH ROW EXECUTE FUNCTION jeonpyo_deposit();

-- After the row is there: one that was left out, since its key is known, counts nothing.
CREATE FUNCTION jeonpyo_deposit_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payment "Payment";
  counted boolean;
BEGIN
  SELECT * INTO payment FROM "Payment" WHERE id = NEW."paymentId" FOR UPDATE;
  counted := payment.environment <> 'test' AND NOT payment."testStore";
  IF NEW.kind = 'deposit' THEN
    -- The first one of a payment is counted as its approval, by the payment's own trigger.
    IF payment."paidAt" IS NOT NULL THEN
      PERFORM jeonpyo_count_day(ROW(payment."storeId", payment."channelId", payment.method, payment.currency, jeonpyo_day(NEW.at), counted, 0, NEW.amount, 0, 0)::"DayTotal");
    END IF;
    UPDATE "Payment" SET
      "paidAt" = COALESCE("paidAt", NEW.at),
      received = received + NEW.amount,
      "receivedTaxFree" = LEAST("taxFree", received + NEW.amount)
    WHERE id = payment.id;
  ELSE
    PERFORM jeonpyo_count_day(ROW(payment."storeId", payment."channelId", payment.method, payment.currency, jeonpyo_day(NEW.at), counted, 0, 0, 1, LEAST(NEW.amount, payment.received))::"DayTotal");
    UPDATE "Payment" SET
      -- What is on its way back may yet arrive: then it was paid.
      "paidAt" = CASE WHEN received <= NEW.amount AND refunded = 0 AND NOT EXISTS (
        SELECT 1 FROM "Cancellation" WHERE "paymentId" = payment.id AND state IN ('SENDING', 'ACCEPTED', 'UNCONFIRMED')
      ) THEN NULL ELSE "paidAt" END,
      received = GREATEST(received - NEW.amount, 0),
      "receivedTaxFree" = LEAST("receivedTaxFree", GREATEST(received - NEW.amount, 0))
    WHERE id = payment.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER deposit_counts_inserted AFTER INSERT ON "Deposit" FOR EACH ROW WHEN (NEW.state = 'APPLIED') EXECUTE FUNCTION jeonpyo_deposit_counts();
CREATE TRIGGER deposit_counts_decided AFTER UPDATE ON "Deposit" FOR EACH ROW WHEN (NEW.state = 'APPLIED' AND OLD.state <> 'APPLIED') EXECUTE FUNCTION jeonpyo_deposit_counts();
CREATE TRIGGER deposit_kept BEFORE DELETE ON "Deposit" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER deposit_no_truncate BEFORE TRUNCATE ON "Deposit" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
