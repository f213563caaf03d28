package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.MODEL;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Gates and the audit log, beside MLflow's paths: `jebena-gates/…`. Of models that a caller may
/// not read, neither is told.
final class GateRoutes {
    private static final long MOST = 10_000;

    private GateRoutes() {}

    static void mount(MlflowApi api, Gates gates, AuditLog audit, Access access) {
        String base = "2.0/mlflow/jebena-gates/";
        api.call(
                "GET",
                base + "list",
                Need.ANY,
                (f, x) -> {
                    Predicate<String> readable = readable(access, x);
                    return HttpJson.object(
                            "gates",
                            gates.list(f.text("name")).stream()
                                    .filter(gate -> readable.test(gate.model()))
                                    .map(GateRule::json)
                                    .toList());
                });
        api.change(
                "POST",
                base + "set",
                Need.manage(MODEL),
                (f, x) -> gates.put(GateRule.of(f), access.user(x)));
        api.change(
                "POST",
                base + "delete",
                Need.manage(MODEL),
                (f, x) -> gates.remove(f.required("name"), f.required("alias"), access.user(x)));
        api.call(
                "GET",
                base + "check",
                Need.read(MODEL),
                (f, _) ->
                        gates.check(f.required("name"), f.required("version"), f.required("alias"))
                                .json());
        api.change(
                "POST",
                base + "review",
                Need.read(MODEL),
                (f, x) ->
                        gates.review(
                                f.required("name"),
                                f.required("version"),
                                !f.flag("rejected"),
                                f.text("comment"),
                                access.user(x)));
        api.call(
                "GET",
                base + "log",
                Need.ANY,
                (f, x) -> {
                    Predicate<String> readable = readable(access, x);
                    long most = f.number("max_results", 1, MOST, 100);
                    return HttpJson.object(
                            "entries",
                            audit.list(f.text("name"), most).stream()
                                    .filter(entry -> readable.test(model(entry.get("subject"))))
                                    .toList());
                });
    }

    /// The model of an entry, whose subject is `MODEL` or `MODEL/VERSION`.
    private static String model(@Nullable Object subject) {
        String text = String.valueOf(subject);
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    /// Whether the caller may read a model; each is asked for once.
    private static Predicate<String> readable(Access access, HttpExchange exchange) {
        Map<String, Boolean> known = new HashMap<>();
        return model ->
                model.equals(GateRule.ANY_MODEL)
                        || known.computeIfAbsent(
                                model, name -> access.isReadable(exchange, MODEL, name));
    }
}
