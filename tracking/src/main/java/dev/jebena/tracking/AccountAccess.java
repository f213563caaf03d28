package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.SqlDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Access by account: HTTP's Basic authentication, everybody may read what no permission says
/// otherwise of, whoever made something may manage it, administrators may do everything.
final class AccountAccess implements Access {
    private static final Need.Level DEFAULT = Need.Level.READ;
    static final String EXPERIMENT = "experiment";
    static final String MODEL = "registered_model";

    private final Accounts accounts;
    private final SqlDatabase data;

    AccountAccess(Accounts accounts, SqlDatabase data) {
        this.accounts = accounts;
        this.data = data;
    }

    /// The caller; throws 401 without valid credentials.
    Accounts.Account caller(HttpExchange exchange) {
        String authorization = exchange.header("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            Optional<Accounts.Account> account = login(authorization.substring(6).strip());
            if (account.isPresent()) {
                return account.get();
            }
        }
        exchange.set("WWW-Authenticate", "Basic realm=\"mlflow\"");
        throw new HttpException(
                401,
                "UNAUTHENTICATED",
                "You are not authenticated: send the name and password of an account"
                        + " (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD)");
    }

    private Optional<Accounts.Account> login(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : accounts.login(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public void check(HttpExchange exchange, RequestFields fields, Need need) {
        Accounts.Account caller = caller(exchange);
        if (caller.admin() || need.thing() == Need.Thing.ANY) {
            return;
        }
        if (need.thing() == Need.Thing.ADMIN
                || level(caller, exchange, fields, need.thing()).compareTo(need.level()) < 0) {
            throw MlflowError.denied();
        }
    }

    private Need.Level level(
            Accounts.Account caller, HttpExchange exchange, RequestFields f, Need.Thing thing) {
        if (thing == Need.Thing.MODEL) {
            return level(caller, MODEL, f.required("name"));
        }
        String experiment =
                switch (thing) {
                    case EXPERIMENT -> f.has("experiment_id") ? f.text("experiment_id") : "0";
                    case EXPERIMENT_NAME ->
                            found(
                                    "SELECT id FROM experiment WHERE name = ?",
                                    f.text("experiment_name"));
                    case RUN ->
                            found("SELECT experiment FROM run WHERE uuid = ?", RunRoutes.runId(f));
                    case LOGGED_MODEL ->
                            found(
                                    "SELECT experiment FROM logged_model WHERE id = ?",
                                    exchange.parameter("model_id"));
                    case TRACE ->
                            found(
                                    "SELECT experiment FROM trace WHERE id = ?",
                                    f.has("trace_id")
                                            ? f.text("trace_id")
                                            : exchange.parameter("trace_id"));
                    case ARTIFACT -> artifactExperiment(exchange, f);
                    default -> throw new IllegalArgumentException(thing.name());
                };
        return level(caller, EXPERIMENT, experiment);
    }

    private static String artifactExperiment(HttpExchange exchange, RequestFields f) {
        String path = f.has("path") ? f.text("path") : exchange.parameterOr("path", "");
        return Artifacts.checked(path).split("/", 2)[0];
    }

    /// The first column of the first row; empty when there is none: the call itself will say so.
    private String found(String query, String value) {
        return data.read(
                sql -> sql.first(query, row -> Long.toString(row.number(1)), value).orElse(""));
    }

    private Need.Level level(Accounts.Account caller, String kind, String resource) {
        return accounts.permission(caller.id(), kind, resource).orElse(DEFAULT);
    }

    @Override
    public String user(HttpExchange exchange) {
        return caller(exchange).username();
    }

    @Override
    public boolean isReadable(HttpExchange exchange, Need.Thing thing, String name) {
        Accounts.Account caller = caller(exchange);
        String kind = thing == Need.Thing.MODEL ? MODEL : EXPERIMENT;
        return caller.admin() || level(caller, kind, name).compareTo(Need.Level.READ) >= 0;
    }

    @Override
    public void created(HttpExchange exchange, Need.Thing thing, String name) {
        Accounts.Account caller = caller(exchange);
        String kind = thing == Need.Thing.MODEL ? MODEL : EXPERIMENT;
        accounts.grant(caller.username(), kind, name, Need.Level.MANAGE, Accounts.Grant.PUT);
    }
}
