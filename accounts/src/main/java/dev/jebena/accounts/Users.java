package dev.jebena.accounts;

import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// People and programs with an account.
public final class Users {
    private static final String SELECT = "SELECT " + User.COLUMNS + " FROM account";
    private static final String NAME = "[\\p{L}\\p{N}_.@+\\- ]{1,255}";

    private final SqlDatabase data;
    private final Clock clock;
    private final Passwords passwords = new Passwords();
    private final LoginLimit limit;

    Users(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
        limit = new LoginLimit(clock);
    }

    boolean isEmpty() {
        return data.read(sql -> sql.number("SELECT count(*) FROM account")) == 0;
    }

    /// The user with this name and password, unless disabled. Throws TOO_MANY_REQUESTS after many
    /// wrong ones in a row.
    public Optional<User> login(String username, String password) {
        record Known(User user, @Nullable String hash) {}
        limit.check(username);
        Optional<User> found =
                data.read(sql ->
                                sql.first(
                                        "SELECT "
                                                + User.COLUMNS
                                                + ", account.password FROM account"
                                                + " WHERE username = ?",
                                        row -> new Known(User.of(row), row.textOrNull(6)),
                                        username))
                        .filter(known -> passwords.matches(password, known.hash()))
                        .map(Known::user)
                        .filter(user -> !user.disabled());
        limit.count(username, found.isPresent());
        return found;
    }

    /// Whether the user logs in with a password, and not with another system.
    boolean hasPassword(long account) {
        return data.read(sql ->
                sql.number(
                        "SELECT count(*) FROM account" + " WHERE id = ? AND password IS NOT NULL",
                        account))
                > 0;
    }

    static Optional<User> find(SqlConnection sql, String username) {
        return sql.first(SELECT + " WHERE username = ?", User::of, username);
    }

    static User get(SqlConnection sql, String username) {
        return find(sql, username)
                .orElseThrow(
                        () -> Problem.notFound("User with username=" + username + " not found"));
    }

    public Optional<User> find(String username) {
        return data.read(sql -> find(sql, username));
    }

    /// Throws NOT_FOUND where there is none.
    public User get(String username) {
        return data.read(sql -> get(sql, username));
    }

    public List<User> list() {
        return data.read(sql -> sql.list(SELECT + " ORDER BY id", User::of));
    }

    /// Makes a user. Throws CONFLICT when the name is taken, BAD_REQUEST for a name or password
    /// that cannot be.
    public User create(String username, String password) {
        Passwords.check(password);
        return insert(username, Passwords.hash(password), false);
    }

    User createAdmin(String username, String password) {
        Passwords.check(password);
        return insert(username, Passwords.hash(password), true);
    }

    /// A user with the hash of a password that another store kept.
    public User adopt(String username, String hash, boolean admin) {
        return insert(username, hash, admin);
    }

    private User insert(String username, String hash, boolean admin) {
        checkName(username);
        return data.write(sql -> {
            if (find(sql, username).isPresent()) {
                throw new Problem(
                        Problem.Code.CONFLICT, "User (username=" + username + ") already exists.");
            }
            insert(sql, username, hash, admin, "", null);
            return get(sql, username);
        });
    }

    private static void checkName(String username) {
        if (!username.matches(NAME)) {
            throw Problem.badRequest("Username cannot be '" + username + "'");
        }
    }

    private void insert(
            SqlConnection sql,
            String username,
            @Nullable String hash,
            boolean admin,
            String email,
            @Nullable String subject) {
        sql.update(
                "INSERT INTO account (username, password, admin, disabled, email, subject,"
                        + " created) VALUES (?, ?, ?, 0, ?, ?, ?)",
                username,
                hash,
                admin,
                email,
                subject,
                clock.millis());
    }

    /// The user of another system's login, made at the first one. A name that somebody else has
    /// here is not given away: CONFLICT.
    ///
    /// @param subject what the other system knows the user by, with its own address
    User external(String subject, String username, String email) {
        checkName(username);
        return data.write(sql -> {
            Optional<User> known = sql.first(SELECT + " WHERE subject = ?", User::of, subject);
            if (known.isPresent()) {
                return known.get();
            }
            if (find(sql, username).isPresent()) {
                throw new Problem(
                        Problem.Code.CONFLICT,
                        "the name %s belongs to another account here".formatted(username),
                        "an administrator can remove that account, or choose another claim");
            }
            insert(sql, username, null, false, email, subject);
            return get(sql, username);
        });
    }

    public void changePassword(String username, String password) {
        Passwords.check(password);
        change("password = ?", username, Passwords.hash(password));
    }

    public void changeAdmin(String username, boolean admin) {
        change("admin = ?", username, admin);
    }

    public void disable(String username, boolean disabled) {
        change("disabled = ?", username, disabled);
    }

    /// Whoever is logged in as the user is so no more: what is changed here decides who comes in.
    private void change(String assignment, String username, Object value) {
        data.write(sql -> {
            long id = get(sql, username).id();
            sql.update("DELETE FROM session WHERE account = ?", id);
            return sql.update("UPDATE account SET " + assignment + " WHERE id = ?", value, id);
        });
    }

    /// Removes a user with all permissions, tokens and sessions.
    public void delete(String username) {
        data.write(sql -> {
            long id = get(sql, username).id();
            for (String table : List.of("permission", "token", "session", "team_member")) {
                sql.update("DELETE FROM " + table + " WHERE account = ?", id);
            }
            sql.update("DELETE FROM workspace_role WHERE kind = 'user' AND holder = ?", id);
            return sql.update("DELETE FROM account WHERE id = ?", id);
        });
    }
}
