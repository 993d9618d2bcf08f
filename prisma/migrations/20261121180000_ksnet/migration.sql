-- AlterTable
ALTER TABLE "Refund" ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'gateway';

-- CreateTable
CREATE TABLE "RefundSeen" (
    "channelId" UUID NOT NULL,
    "gatewayCancellationId" TEXT NOT NULL,
    "refundId" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RefundSeen_pkey" PRIMARY KEY ("channelId","gatewayCancellationId")
);

-- CreateTable
CREATE TABLE "Comparison" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "sha256" TEXT,
    "columns" JSONB,
    "fromDay" TEXT,
    "toDay" TEXT,
    "state" TEXT NOT NULL,
    "partsLeft" INTEGER NOT NULL DEFAULT 0,
    "parts" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "differs" INTEGER NOT NULL DEFAULT 0,
    "onlyHere" INTEGER NOT NULL DEFAULT 0,
    "onlyThere" INTEGER NOT NULL DEFAULT 0,
    "outside" INTEGER NOT NULL DEFAULT 0,
    "unread" INTEGER NOT NULL DEFAULT 0,
    "unreadOf" JSONB,
    "byId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "Comparison_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ComparisonPart" (
    "comparisonId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "ComparisonPart_pkey" PRIMARY KEY ("comparisonId","kind","index")
);

-- CreateTable
CREATE TABLE "Difference" (
    "id" UUID NOT NULL,
    "storeId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "pg" TEXT NOT NULL,
    "mid" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "whys" TEXT[],
    "facts" JSONB NOT NULL,
    "paymentId" UUID,
    "row" TEXT,
    "comparisonId" UUID NOT NULL,
    "foundAt" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'OPEN',
    "assigneeId" UUID,
    "closedBy" TEXT,
    "closedById" UUID,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Difference_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ComparisonFinding" (
    "comparisonId" UUID NOT NULL,
    "differenceId" UUID NOT NULL,

    CONSTRAINT "ComparisonFinding_pkey" PRIMARY KEY ("comparisonId","differenceId")
);

-- CreateTable
CREATE TABLE "DifferenceNote" (
    "id" UUID NOT NULL,
    "differenceId" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "byId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DifferenceNote_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RefundSeen_refundId_idx" ON "RefundSeen"("refundId");

-- CreateIndex
CREATE INDEX "Comparison_channelId_at_idx" ON "Comparison"("channelId", "at");

-- CreateIndex
CREATE INDEX "Comparison_storeId_at_idx" ON "Comparison"("storeId", "at" DESC);

-- CreateIndex
CREATE INDEX "Difference_storeId_pg_mid_number_idx" ON "Difference"("storeId", "pg", "mid", "number");

-- CreateIndex
CREATE INDEX "Difference_storeId_state_foundAt_id_idx" ON "Difference"("storeId", "state", "foundAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Difference_storeId_pg_mid_key_key" ON "Difference"("storeId", "pg", "mid", "key");

-- CreateIndex
CREATE INDEX "ComparisonFinding_differenceId_idx" ON "ComparisonFinding"("differenceId");

-- CreateIndex
CREATE INDEX "DifferenceNote_differenceId_idx" ON "DifferenceNote"("differenceId");

-- AddForeignKey
ALTER TABLE "RefundSeen" ADD CONSTRAINT "RefundSeen_refundId_fkey" FOREIGN KEY ("refundId") REFERENCES "Refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ComparisonPart" ADD CONSTRAINT "ComparisonPart_comparisonId_fkey" FOREIGN KEY ("comparisonId") REFERENCES "Comparison"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ComparisonFinding" ADD CONSTRAINT "ComparisonFinding_comparisonId_fkey" FOREIGN KEY ("comparisonId") REFERENCES "Comparison"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ComparisonFinding" ADD CONSTRAINT "ComparisonFinding_differenceId_fkey" FOREIGN KEY ("differenceId") REFERENCES "Difference"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DifferenceNote" ADD CONSTRAINT "DifferenceNote_differenceId_fkey" FOREIGN KEY ("differenceId") REFERENCES "Difference"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a file told of is never taken for ours: it is bound to no intent, and not written at all while one is out.
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_source_check" CHECK (source IN ('gateway', 'file') AND (source = 'gateway' OR "cancellationId" IS NULL));
CREATE FUNCTION jeonpyo_refund_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payment "Payment";
BEGIN
  SELECT * INTO payment FROM "Payment" WHERE id = NEW."paymentId" FOR UPDATE;
  IF EXISTS (SELECT 1 FROM "Cancellation" WHERE "paymentId" = NEW."paymentId" AND kind = 'CANCEL' AND state IN ('SENDING', 'ACCEPTED', 'UNCONFIRMED')) THEN
    RAISE EXCEPTION 'what a file tells settles nothing while a cancellation is out';
  END IF;
  IF payment."paidAt" IS NULL OR payment.refunded + NEW.amount > payment.received THEN
    RAISE EXCEPTION 'a file tells of no more than was received';
  END IF;
  RETURN NEW;
END $$;
-- Before the one that counts it.
CREATE TRIGGER refund_file BEFORE INSERT ON "Refund" FOR EACH ROW WHEN (NEW.source = 'file') EXECUTE FUNCTION jeonpyo_refund_file();

-- What the record tells of afterwards is counted once: never more of it than the file had told.
ALTER TABLE "RefundSeen" ADD CONSTRAINT "RefundSeen_check" CHECK (amount > 0);
CREATE FUNCTION jeonpyo_refund_seen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  refund "Refund";
BEGIN
  PERFORM 1 FROM "Payment" WHERE id = (SELECT "paymentId" FROM "Refund" WHERE id = NEW."refundId") FOR UPDATE;
  SELECT * INTO refund FROM "Refund" WHERE id = NEW."refundId" FOR UPDATE;
  IF NOT EXISTS (
    SELECT 1 FROM "Channel" c JOIN "GatewayAccount" a ON a.id = c."accountId" JOIN "Payment" p ON p."storeId" = a."storeId"
    WHERE c.id = NEW."channelId" AND p.id = refund."paymentId") THEN
    RAISE EXCEPTION 'a refund is seen by a channel of its payment''s store';
  END IF;
  IF EXISTS (SELECT 1 FROM "Refund" WHERE "channelId" = NEW."channelId" AND "gatewayCancellationId" = NEW."gatewayCancellationId") THEN
    RAISE EXCEPTION 'what counts as a refund of its own is not another one seen again';
  END IF;
  IF refund.source <> 'file' OR refund.amount < NEW.amount + (SELECT COALESCE(sum(amount), 0) FROM "RefundSeen" WHERE "refundId" = NEW."refundId") THEN
    RAISE EXCEPTION 'a file did not tell of so much';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_seen_guard BEFORE INSERT ON "RefundSeen" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refund_seen();
-- After refund_guard, which has locked the payment.
CREATE FUNCTION jeonpyo_refund_not_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "RefundSeen" WHERE "channelId" = NEW."channelId" AND "gatewayCancellationId" = NEW."gatewayCancellationId") THEN
    RAISE EXCEPTION 'a file told of this refund before: it counts already';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_not_seen BEFORE INSERT ON "Refund" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refund_not_seen();
CREATE TRIGGER refund_seen_append_only BEFORE UPDATE OR DELETE ON "RefundSeen" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER refund_seen_no_truncate BEFORE TRUNCATE ON "RefundSeen" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();

ALTER TABLE "Comparison" ADD CONSTRAINT "Comparison_check" CHECK (state IN ('UPLOADING', 'COMPARING', 'DONE') AND (state = 'UPLOADING' OR (sha256 IS NOT NULL AND "fromDay" <= "toDay")));
ALTER TABLE "ComparisonPart" ADD CONSTRAINT "ComparisonPart_check" CHECK (kind IN ('upload', 'rows', 'numbers') AND index >= 0);
ALTER TABLE "Difference" ADD CONSTRAINT "Difference_check" CHECK (kind IN ('differs', 'only_here', 'only_there')
  AND ((state = 'OPEN' AND "closedBy" IS NULL AND "closedAt" IS NULL AND "closedById" IS NULL)
    OR (state = 'CLOSED' AND "closedBy" IN ('person', 'match', 'changed', 'recorded', 'imported') AND "closedBy" IS NOT NULL AND "closedAt" IS NOT NULL)));

-- Whose and which transaction's a difference is stays; what a person closed stays closed. By it refunds are recorded, so its
-- payment is one of its own store and merchant.
CREATE FUNCTION jeonpyo_difference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."paymentId" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM "Payment" WHERE id = NEW."paymentId" AND "storeId" = NEW."storeId" AND pg = NEW.pg AND mid = NEW.mid AND NEW.number IN ('', "pgTxId")) THEN
    RAISE EXCEPTION 'a difference is about a payment of its store and merchant';
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF (NEW.id, NEW."storeId", NEW."channelId", NEW.pg, NEW.mid, NEW.number, NEW.key, NEW.kind, NEW."comparisonId", NEW."foundAt")
    IS DISTINCT FROM (OLD.id, OLD."storeId", OLD."channelId", OLD.pg, OLD.mid, OLD.number, OLD.key, OLD.kind, OLD."comparisonId", OLD."foundAt") THEN
    RAISE EXCEPTION 'what a difference is about is never edited';
  END IF;
  IF OLD."closedBy" = 'person' AND (NEW.state, NEW."closedBy", NEW."closedById", NEW."closedAt") IS DISTINCT FROM (OLD.state, OLD."closedBy", OLD."closedById", OLD."closedAt") THEN
    RAISE EXCEPTION 'what a person closed stays closed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER difference_guard BEFORE INSERT OR UPDATE ON "Difference" FOR EACH ROW EXECUTE FUNCTION jeonpyo_difference();
CREATE TRIGGER difference_kept BEFORE DELETE ON "Difference" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER difference_no_truncate BEFORE TRUNCATE ON "Difference" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER difference_note_append_only BEFORE UPDATE OR DELETE ON "DifferenceNote" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER difference_note_no_truncate BEFORE TRUNCATE ON "DifferenceNote" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER comparison_kept BEFORE DELETE ON "Comparison" FOR EACH ROW EXECUTE FUNCTION jeonpyo_refuse();
CREATE TRIGGER comparison_no_truncate BEFORE TRUNCATE ON "Comparison" FOR EACH STATEMENT EXECUTE FUNCTION jeonpyo_refuse();
