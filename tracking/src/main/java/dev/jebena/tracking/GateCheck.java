package dev.jebena.tracking;

import dev.jebena.base.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One rule held against one version.
///
/// @param run the version's run; null when it has none
/// @param current run of the version that has the alias now; null when there is none to compare
///   with
record GateCheck(
        SqlConnection sql,
        GateRule rule,
        String model,
        long version,
        @Nullable RunRow run,
        @Nullable RunRow current) {
    private static final Map<String, String> TYPES =
            Map.of(
                    FilterClause.METRIC, "metrics.",
                    FilterClause.PARAM, "params.",
                    FilterClause.TAG, "tags.",
                    FilterClause.ATTRIBUTE, "");

    static GateCheck of(
            SqlConnection sql, GateRule rule, String model, long version, String alias) {
        long now = Gates.now(sql, model, alias);
        return new GateCheck(
                sql,
                rule,
                model,
                version,
                runOf(sql, model, version).orElse(null),
                now == version ? null : runOf(sql, model, now).orElse(null));
    }

    private static Optional<RunRow> runOf(SqlConnection sql, String model, long version) {
        return sql.first(
                        "SELECT run_id FROM model_version WHERE name = ? AND version = ?"
                                + " AND run_id IS NOT NULL",
                        row -> row.text(1),
                        model,
                        version)
                .flatMap(id -> RunRow.find(sql, id));
    }

    List<GateReport.Finding> findings() {
        List<GateReport.Finding> findings = new ArrayList<>();
        rule.clauses().forEach(clause -> findings.add(clause(clause)));
        rule.compared().forEach(metric -> findings.add(notWorse(metric)));
        rule.tags().forEach((key, values) -> findings.add(tag(key, values)));
        if (rule.described()) {
            findings.add(described());
        }
        if (rule.reviews() > 0) {
            findings.add(reviews());
        }
        return findings;
    }

    private GateReport.Finding clause(FilterClause clause) {
        String demand =
                "%s%s %s"
                                .formatted(
                                        TYPES.getOrDefault(clause.type(), clause.type() + "."),
                                        clause.key(),
                                        clause.operator())
                        + (clause.isNullTest() ? "" : " " + clause.text());
        if (run == null) {
            return new GateReport.Finding(demand, false, "the version has no run");
        }
        SqlText query =
                new SqlText(sql.dialect())
                        .add("SELECT count(*) FROM run r WHERE r.id = ?", run.id())
                        .add(RunFilter.conditions(sql.dialect(), List.of(clause)));
        boolean passed = sql.number(query.text(), query.values()) > 0;
        return new GateReport.Finding(demand, passed, found(clause, run));
    }

    private String found(FilterClause clause, RunRow run) {
        return switch (clause.type()) {
            case FilterClause.METRIC -> shown(metric(run, clause.key()));
            case FilterClause.PARAM -> value("param", run, clause.key());
            case FilterClause.TAG -> value("run_tag", run, clause.key());
            default -> "run " + run.uuid();
        };
    }

    private String value(String table, RunRow run, String key) {
        return sql.first(
                        "SELECT value FROM " + table + " WHERE run = ? AND key = ?",
                        row -> row.text(1),
                        run.id(),
                        key)
                .orElse("nothing");
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "nothing" : value.toString();
    }

    private @Nullable Double metric(RunRow run, String key) {
        return sql.first(
                        "SELECT value, nan FROM latest_metric WHERE run = ? AND key = ?",
                        row -> row.flag(2) ? Double.NaN : row.real(1),
                        run.id(),
                        key)
                .orElse(null);
    }

    private GateReport.Finding notWorse(OrderClause clause) {
        String key = clause.key().key();
        Double now = current == null ? null : metric(current, key);
        Double mine = run == null ? null : metric(run, key);
        boolean less = clause.ascending();
        String bound = now == null ? "" : (less ? " <= " : " >= ") + now;
        boolean passed =
                mine != null
                        && !mine.isNaN()
                        && (now == null || now.isNaN() || (less ? mine <= now : mine >= now));
        return new GateReport.Finding(
                "metrics.%s no worse than now%s".formatted(key, bound), passed, shown(mine));
    }

    private GateReport.Finding tag(String key, List<String> allowed) {
        String demand =
                "tag " + key + (allowed.isEmpty() ? "" : " is " + String.join(" or ", allowed));
        Optional<String> value =
                sql.first(
                        "SELECT value FROM model_version_tag WHERE name = ? AND version = ?"
                                + " AND key = ?",
                        row -> row.text(1),
                        model,
                        version,
                        key);
        boolean passed =
                value.filter(v -> allowed.isEmpty() ? !v.isBlank() : allowed.contains(v))
                        .isPresent();
        return new GateReport.Finding(demand, passed, value.orElse("nothing"));
    }

    private GateReport.Finding described() {
        long described =
                sql.number(
                        "SELECT count(*) FROM model_version v JOIN registered_model m"
                                + " ON m.name = v.name WHERE v.name = ? AND v.version = ?"
                                + " AND (coalesce(v.description, '') <> ''"
                                + " OR coalesce(m.description, '') <> '')",
                        model,
                        version);
        return new GateReport.Finding(
                "a description", described > 0, described > 0 ? "one" : "nothing");
    }

    /// The latest word of each person counts, of those about this version and not about an older
    /// one of the same name; one's own version cannot be approved.
    private GateReport.Finding reviews() {
        long approved =
                sql.number(
                        "SELECT count(*) FROM audit a JOIN model_version v"
                                + " ON v.name = ? AND v.version = ? WHERE a.subject = ?"
                                + " AND a.action = ? AND a.allowed = 1 AND a.time >= v.created"
                                + " AND a.actor <> coalesce(v.user_id, '') AND NOT EXISTS"
                                + " (SELECT 1 FROM audit b WHERE b.subject = a.subject AND"
                                + " b.action = a.action AND b.actor = a.actor AND b.id > a.id)",
                        model,
                        version,
                        model + "/" + version,
                        AuditLog.REVIEW);
        return new GateReport.Finding(
                rule.reviews() + " approvals", approved >= rule.reviews(), Long.toString(approved));
    }
}
