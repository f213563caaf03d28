package dev.jebena.accounts;

import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// The accounts of one server. What a method wrote is durable when it returns. Safe for use by many
/// threads.
public final class Accounts implements AutoCloseable {
    /// The first account.
    public static final String ADMIN = "admin";

    private final SqlDatabase data;
    private final Clock clock;
    private final AuditTrail audit;
    private final Users users;
    private final Teams teams;
    private final Permissions permissions;
    private final Tokens tokens;
    private final Sessions sessions;

    private Accounts(SqlDatabase data, AccountsOptions options) {
        this.data = data;
        clock = Clock.systemUTC();
        audit = new AuditTrail(data, clock);
        users = new Users(data, clock);
        teams = new Teams(data, clock);
        permissions = new Permissions(data);
        tokens = new Tokens(data, clock);
        sessions = new Sessions(data, clock, options.sessions());
        String password = options.adminPassword();
        if (password != null && users.isEmpty()) {
            users.createAdmin(ADMIN, password);
        }
    }

    public static Accounts open(AccountsOptions options) {
        String address = options.database();
        List<String> schema = List.of(step("schema-1.sql"));
        SqlDatabase data =
                address == null
                        ? SqlDatabase.open(options.folder().resolve("accounts.db"), schema)
                        : SqlDatabase.open(address, schema);
        try {
            return new Accounts(data, options);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static String step(String name) {
        try (InputStream in = Objects.requireNonNull(Accounts.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SqlDatabase data() {
        return data;
    }

    Clock clock() {
        return clock;
    }

    public Users users() {
        return users;
    }

    public Teams teams() {
        return teams;
    }

    public Permissions permissions() {
        return permissions;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Sessions sessions() {
        return sessions;
    }

    public AuditTrail audit() {
        return audit;
    }

    @Override
    public void close() {
        data.close();
    }
}
