package dev.jebena.tracking;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsGate;
import dev.jebena.accounts.Caller;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.SqlDatabase;

/// Access by account: everybody may read what no permission and no workspace says otherwise of,
/// whoever made something may manage it, administrators may do everything. A token allows no more
/// than it was made for.
final class AccountAccess implements Access {
    private static final Level DEFAULT = Level.READ;
    static final String EXPERIMENT = "experiment";
    static final String MODEL = "registered_model";

    private final Accounts accounts;
    private final AccountsGate gate;
    private final SqlDatabase data;

    AccountAccess(Accounts accounts, SqlDatabase data) {
        this.accounts = accounts;
        this.data = data;
        gate = new AccountsGate(accounts);
    }

    /// The caller; throws 401 without valid credentials.
    Caller caller(HttpExchange exchange) {
        try {
            return gate.caller(exchange);
        } catch (HttpException e) {
            if (!exchange.isFromPage()) {
                exchange.set("WWW-Authenticate", "Basic realm=\"mlflow\"");
            }
            throw new HttpException(
                            e.status(),
                            "UNAUTHENTICATED",
                            "You are not authenticated: send the name and password of an account"
                                    + " (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD) or an"
                                    + " API token (MLFLOW_TRACKING_TOKEN)")
                    .causedBy(e);
        }
    }

    /// The caller, who may do that much with this way in.
    private Caller caller(HttpExchange exchange, Level need) {
        Caller caller = caller(exchange);
        if (caller.most().compareTo(need) < 0) {
            throw MlflowError.denied();
        }
        return caller;
    }

    @Override
    public void check(HttpExchange exchange, RequestFields fields, Need need) {
        Caller caller = caller(exchange, need.level());
        if (need.thing() == Need.Thing.ANY || caller.user().admin()) {
            return;
        }
        if (need.thing() == Need.Thing.ADMIN
                || level(caller, exchange, fields, need.thing()).compareTo(need.level()) < 0) {
            throw MlflowError.denied();
        }
        // A new name may lead into another workspace.
        if (fields.has("new_name")
                && inWorkspace(caller, fields.text("new_name"), Level.EDIT).compareTo(Level.EDIT)
                        < 0) {
            throw MlflowError.denied();
        }
    }

    private Level level(Caller caller, HttpExchange exchange, RequestFields f, Need.Thing thing) {
        if (thing == Need.Thing.NEW) {
            return inWorkspace(caller, f.text("name"), Level.EDIT);
        }
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

    private Level level(Caller caller, String kind, String resource) {
        return accounts.permissions()
                .own(caller.user().id(), kind, resource)
                .orElseGet(() -> inWorkspace(caller, name(kind, resource), DEFAULT));
    }

    /// @param absent the level where the name is in no workspace of anybody
    private Level inWorkspace(Caller caller, String name, Level absent) {
        return accounts.permissions()
                .inWorkspace(caller.user().id(), Permissions.workspace(name))
                .orElse(absent);
    }

    /// Experiments are asked for by their ids.
    private String name(String kind, String resource) {
        if (!kind.equals(EXPERIMENT)) {
            return resource;
        }
        return resource.matches("\\d{1,18}")
                ? data.read(sql ->
                        sql.first(
                                        "SELECT name FROM experiment WHERE id = ?",
                                        row -> row.text(1),
                                        Long.parseLong(resource))
                                .orElse(""))
                : "";
    }

    @Override
    public String user(HttpExchange exchange) {
        return caller(exchange).user().username();
    }

    @Override
    public boolean isReadable(HttpExchange exchange, Need.Thing thing, String name) {
        Caller caller = caller(exchange);
        String kind = thing == Need.Thing.MODEL ? MODEL : EXPERIMENT;
        return caller.user().admin() || level(caller, kind, name).compareTo(Level.READ) >= 0;
    }

    @Override
    public void created(HttpExchange exchange, Need.Thing thing, String name) {
        Caller caller = caller(exchange);
        String kind = thing == Need.Thing.MODEL ? MODEL : EXPERIMENT;
        accounts.permissions()
                .grant(caller.user().username(), kind, name, Level.MANAGE, Permissions.Grant.PUT);
    }
}
