-- +goose Up
-- What officers did stays as it was written: an entry of the audit is neither changed nor taken away.
-- +goose StatementBegin
CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of the audit are never changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands();

-- +goose Down
DROP TRIGGER audit_stands ON audit;
DROP FUNCTION audit_stands();
