package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a version must fulfil before an alias may name it.
///
/// @param model name of the registered model; `*` for all
/// @param alias the alias, or `stage:Production` and the like
/// @param run a filter of runs that the version's run must pass; empty for none
/// @param tags tags of the version that must be set, each with the values that are allowed; an
///   empty list for any value
/// @param described whether the version or its model needs a description
/// @param notWorse metrics in which the run must be no worse than that of the version which has the
///   alias now: `accuracy DESC` where more is better, `loss ASC` where less is
/// @param reviews how many people must have approved, other than who made the version
record GateRule(
        String model,
        String alias,
        String run,
        Map<String, List<String>> tags,
        boolean described,
        List<String> notWorse,
        int reviews) {
    private static final int MOST = 50;
    private static final Pattern ORDER = Pattern.compile("(.*?)((?i:\\s+(?:asc|desc))?)\\s*");
    static final String ANY_MODEL = "*";

    static GateRule of(RequestFields f) {
        String model = f.required("name");
        if (!model.equals(ANY_MODEL)) {
            Checks.modelName(model);
        }
        String alias = f.required("alias");
        if (!alias.startsWith("stage:")) {
            Checks.alias(alias);
        }
        Map<String, List<String>> tags = new LinkedHashMap<>();
        for (RequestFields tag : f.objects("tags")) {
            String key = tag.required("key");
            Checks.key("key", key);
            tags.put(key, tag.texts("values"));
        }
        Checks.batch("tags", MOST, tags.size());
        GateRule rule =
                new GateRule(
                        model,
                        alias,
                        f.text("run_filter"),
                        tags,
                        f.flag("described"),
                        f.texts("not_worse"),
                        (int) f.number("reviews", 0, 100, 0));
        rule.clauses();
        rule.compared();
        if (rule.isEmpty()) {
            throw MlflowError.invalid(
                    "A gate needs at least one of run_filter, tags, described, not_worse, reviews");
        }
        return rule;
    }

    private boolean isEmpty() {
        return run.isBlank() && tags.isEmpty() && !described && notWorse.isEmpty() && reviews == 0;
    }

    List<FilterClause> clauses() {
        return FilterParser.parse(RunFilter.GRAMMAR, run.isBlank() ? null : run);
    }

    /// The metrics of `notWorse`; an ascending one is better when it is less.
    List<OrderClause> compared() {
        List<String> named = new ArrayList<>();
        for (String metric : notWorse) {
            boolean typed = metric.matches("(metrics?|param(eter)?s?|tags?|attr(ibute)?s?)\\..*");
            named.add(typed ? metric : metricOf(metric));
        }
        Checks.batch("metrics", MOST, named.size());
        List<OrderClause> order = OrderClause.parse(RunFilter.GRAMMAR, named);
        for (OrderClause clause : order) {
            if (!clause.key().is(FilterClause.METRIC)) {
                throw MlflowError.invalid("not_worse names metrics, not " + clause.key().key());
            }
        }
        return order;
    }

    /// `held_out/accuracy DESC` as the order grammar wants it: the name in quotes.
    private static String metricOf(String metric) {
        Matcher order = ORDER.matcher(metric);
        if (metric.contains("`") || metric.contains("\"") || !order.matches()) {
            return "metrics." + metric;
        }
        return "metrics.`" + order.group(1) + "`" + order.group(2);
    }

    Map<String, @Nullable Object> json() {
        List<Object> required = new ArrayList<>();
        tags.forEach((key, values) -> required.add(HttpJson.object("key", key, "values", values)));
        return HttpJson.object(
                "name", model,
                "alias", alias,
                "run_filter", run,
                "tags", required,
                "described", described,
                "not_worse", notWorse,
                "reviews", reviews);
    }

    static GateRule parse(String json) {
        Object value = HttpJson.parse(json.getBytes(StandardCharsets.UTF_8));
        return of(RequestFields.of(HttpJson.objectOf(value)));
    }
}
