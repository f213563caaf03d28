package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// Rules that a model's version must fulfil before an alias or stage may name it. They are
/// evaluated when that is asked for, and at every change.
final class Gates {
    private final SqlDatabase data;
    private final Clock clock;
    private final AuditLog audit;

    Gates(SqlDatabase data, Clock clock, AuditLog audit) {
        this.data = data;
        this.clock = clock;
        this.audit = audit;
    }

    /// Sets the rule in place of the one for the same model and alias.
    void put(GateRule rule, String actor) {
        String json = HttpJson.text(rule.json());
        data.write(sql -> {
            sql.update(
                    "INSERT INTO gate (model, alias, rule, created) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (model, alias) DO UPDATE SET rule = excluded.rule,"
                            + " created = excluded.created",
                    rule.model(),
                    rule.alias(),
                    json,
                    clock.millis());
            audit.write(sql, new AuditLog.Entry(actor, "set gate", rule.model(), true, json));
            return true;
        });
    }

    void remove(String model, String alias, String actor) {
        data.write(sql -> {
            int removed =
                    sql.update("DELETE FROM gate WHERE model = ? AND alias = ?", model, alias);
            if (removed == 0) {
                throw MlflowError.missing("There is no gate for " + model + " and " + alias);
            }
            audit.write(sql, new AuditLog.Entry(actor, "remove gate", model, true, alias));
            return true;
        });
    }

    /// The rules of one model, with those for all models; of all where it is empty.
    List<GateRule> list(String model) {
        return data.read(sql ->
                sql.list(
                        "SELECT rule FROM gate WHERE ? IN ('', model) OR model = ?"
                                + " ORDER BY model, alias",
                        row -> GateRule.parse(row.text(1)),
                        model,
                        GateRule.ANY_MODEL));
    }

    /// Records that somebody approves of a version, or does not.
    void review(String model, String version, boolean approved, String comment, String actor) {
        long number = ModelVersions.number(version);
        data.write(sql -> {
            ModelVersions.check(sql, model, number);
            String subject = model + "/" + number;
            audit.write(
                    sql, new AuditLog.Entry(actor, AuditLog.REVIEW, subject, approved, comment));
            return true;
        });
    }

    GateReport check(String model, String version, String alias) {
        long number = ModelVersions.number(version);
        return data.read(sql -> {
            ModelVersions.check(sql, model, number);
            List<GateReport.Finding> findings = new ArrayList<>();
            sql.list(
                            "SELECT rule FROM gate WHERE model IN (?, ?) AND alias = ?",
                            row -> GateRule.parse(row.text(1)),
                            model,
                            GateRule.ANY_MODEL,
                            alias)
                    .forEach(rule ->
                            findings.addAll(
                                    GateCheck.of(sql, rule, model, number, alias).findings()));
            return new GateReport(model, number, alias, findings);
        });
    }

    /// Throws PERMISSION_DENIED, which says what is missing, when a gate is shut. The audit log
    /// keeps both outcomes.
    void enforce(String model, String version, String alias, String actor) {
        GateReport report = check(model, version, alias);
        String subject = model + "/" + report.version();
        data.write(sql -> {
            audit.write(
                    sql,
                    new AuditLog.Entry(
                            actor, "set " + alias, subject, report.allowed(), report.failures()));
            return true;
        });
        if (!report.allowed()) {
            throw new HttpException(
                    403,
                    "PERMISSION_DENIED",
                    "%s version %s may not become %s: %s"
                            .formatted(model, version, alias, report.failures()));
        }
    }

    /// Keeps a change that no gate can hinder.
    void note(String action, String subject, String actor) {
        data.write(sql -> {
            audit.write(sql, new AuditLog.Entry(actor, action, subject, true, ""));
            return true;
        });
    }

    /// The version that an alias or stage names now; 0 for none.
    static long now(SqlConnection sql, String model, String alias) {
        return alias.startsWith("stage:")
                ? sql.number(
                        "SELECT max(version) FROM model_version WHERE name = ? AND stage = ?",
                        model,
                        alias.substring("stage:".length()))
                : sql.number(
                        "SELECT version FROM registered_model_alias WHERE name = ? AND alias = ?",
                        model,
                        alias);
    }
}
