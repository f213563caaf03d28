package dev.jebena.cli;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions;
import dev.jebena.accounts.User;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.Hub;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `jebena accounts` does. Each change is in the log of accounts.
final class AccountsActions implements AutoCloseable {
    private static final int MOST_ENTRIES = 100_000;

    private final AccountsCommand options;
    private final Accounts accounts;

    private AccountsActions(AccountsCommand options, Accounts accounts) {
        this.options = options;
        this.accounts = accounts;
    }

    static AccountsActions open(AccountsCommand options) {
        return new AccountsActions(
                options,
                Accounts.open(
                        AccountsOptions.in(Hub.home(System.getenv()).resolve("accounts"))
                                .database(options.database)));
    }

    private void log(String action, String subject, String detail) {
        String actor = System.getProperty("user.name", "");
        accounts.audit().add(actor, "this machine", action, subject, true, detail);
    }

    private String word(int index) {
        return options.what.get(index);
    }

    /// Rows of columns, or the same as JSON.
    private void print(
            String name, List<Map<String, @Nullable Object>> entries, String... columns) {
        if (options.json) {
            System.out.println(HttpJson.text(HttpJson.object(name, entries)));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(Arrays.stream(columns).map(c -> c.toUpperCase(Locale.ROOT)).toList());
        for (Map<String, @Nullable Object> entry : entries) {
            rows.add(Arrays.stream(columns).map(c -> shown(c, entry.get(c))).toList());
        }
        System.out.print(
                Screen.printable(entries.isEmpty() ? "no " + name + "\n" : Tables.of(rows)));
    }

    private static String shown(String column, @Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Boolean flag -> flag ? "yes" : "no";
            case Long time when List.of("time", "created", "expires", "used").contains(column) ->
                    Instant.ofEpochMilli(time).toString();
            case List<?> list ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }

    void list() {
        options.expect(0, 1, "ls [users|teams|roles]");
        switch (options.what.isEmpty() ? "users" : word(0)) {
            case "users" ->
                    print(
                            "users",
                            accounts.users().list().stream().map(User::json).toList(),
                            "username",
                            "is_admin",
                            "disabled",
                            "email");
            case "teams" -> print("teams", accounts.teams().list(), "name", "members");
            case "roles" ->
                    print(
                            "roles",
                            accounts.permissions().roles(),
                            "workspace",
                            "kind",
                            "holder",
                            "level");
            default ->
                    throw UserError.usage(
                            "there is no list of " + word(0) + "; expected users, teams or roles");
        }
    }

    void add() throws IOException {
        options.expect(1, 1, "add NAME");
        String name = word(0);
        accounts.users().create(name, askedPassword(name));
        log("user.create", name, "");
        change(name);
    }

    void password() throws IOException {
        options.expect(1, 1, "passwd NAME");
        String name = accounts.users().get(word(0)).username();
        accounts.users().changePassword(name, askedPassword(name));
        log("user.password", name, "");
    }

    /// From the person in front of the screen, twice; else all of standard input.
    private static String askedPassword(String name) throws IOException {
        Console console = Screen.inputIsTerminal() ? System.console() : null;
        if (console == null) {
            String piped = Input.piped();
            if (piped.isEmpty()) {
                throw UserError.usage("the password is missing: write it to standard input");
            }
            return piped;
        }
        String first = new String(console.readPassword("Password of %s: ", name));
        if (!first.equals(new String(console.readPassword("Once more: ")))) {
            throw new UserError("these were two different passwords");
        }
        return first;
    }

    void set() {
        options.expect(1, 1, "set NAME [--admin] [--disabled]");
        if (options.admin == null && options.disabled == null) {
            throw UserError.usage("set needs --admin, --no-admin, --disabled or --no-disabled");
        }
        change(accounts.users().get(word(0)).username());
    }

    private void change(String name) {
        if (options.admin != null) {
            accounts.users().changeAdmin(name, options.admin);
            log("user.admin", name, options.admin.toString());
        }
        if (options.disabled != null) {
            accounts.users().disable(name, options.disabled);
            log("user.disable", name, options.disabled.toString());
        }
    }

    void remove() {
        options.expect(1, 1, "rm NAME");
        accounts.users().delete(word(0));
        log("user.delete", word(0), "");
    }

    void team() {
        String usage = "team create|delete TEAM, or team add|remove TEAM NAME";
        options.expect(2, 3, usage);
        String team = word(1);
        switch (word(0) + options.what.size()) {
            case "create2" -> {
                accounts.teams().create(team);
                log("team.create", team, "");
            }
            case "delete2" -> {
                accounts.teams().delete(team);
                log("team.delete", team, "");
            }
            case "add3" -> {
                accounts.teams().add(team, word(2));
                log("team.add", team, word(2));
            }
            case "remove3" -> {
                accounts.teams().remove(team, word(2));
                log("team.remove", team, word(2));
            }
            default -> throw UserError.usage("expected: jebena accounts " + usage);
        }
    }

    void role() {
        options.expect(3, 3, "role WORKSPACE HOLDER LEVEL|none [--team]");
        Permissions.Holder kind = options.team ? Permissions.Holder.TEAM : Permissions.Holder.USER;
        String subject = word(0) + "/" + (options.team ? "team/" : "user/") + word(1);
        if (word(2).equals("none")) {
            accounts.permissions().removeRole(word(0), kind, word(1));
            log("role.remove", subject, "");
        } else {
            Level level = Level.of(word(2));
            accounts.permissions().setRole(word(0), kind, word(1), level);
            log("role.set", subject, level.name());
        }
    }

    void token() {
        options.expect(1, 2, "token NAME [TITLE], or token NAME --end ID");
        User user = accounts.users().get(word(0));
        if (options.end != null) {
            accounts.tokens().delete(user.id(), options.end);
            log("token.delete", options.end.toString(), user.username());
        } else if (options.what.size() == 1) {
            print(
                    "tokens",
                    accounts.tokens().list(user.id()),
                    "id",
                    "name",
                    "level",
                    "created",
                    "expires",
                    "used");
        } else {
            Duration life = options.days == null ? null : Duration.ofDays(options.days);
            String secret = accounts.tokens().create(user.username(), word(1), options.level, life);
            log("token.create", word(1), user.username() + " " + options.level);
            System.out.println(
                    options.json ? HttpJson.text(HttpJson.object("token", secret)) : secret);
        }
    }

    void audit() {
        options.expect(0, 1, "audit [NAME]");
        if (options.max < 1 || options.max > MOST_ENTRIES) {
            throw UserError.usage(
                    "--max is %d; expected 1 to %d".formatted(options.max, MOST_ENTRIES));
        }
        String actor = options.what.isEmpty() ? "" : word(0);
        print(
                "entries",
                accounts.audit().list(actor, 0, options.max),
                "time",
                "actor",
                "address",
                "action",
                "subject",
                "allowed",
                "detail");
    }

    @Override
    public void close() {
        accounts.close();
    }
}
