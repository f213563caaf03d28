package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Accounts with their passwords and permissions.
final class Accounts {
    static final String ADMIN = "admin";
    private static final String SELECT = "SELECT id, username, password, admin FROM account";

    /// Who calls.
    record Account(long id, String username, String hash, boolean admin) {
        static Account of(SqlRow row) {
            return new Account(row.number(1), row.text(2), row.text(3), row.flag(4));
        }

        Map<String, @Nullable Object> json() {
            return HttpJson.object("id", id, "is_admin", admin, "username", username);
        }
    }

    private final SqlDatabase data;
    private final Passwords passwords = new Passwords();

    /// @param adminPassword the password of the first account, where there is none yet
    Accounts(SqlDatabase data, String adminPassword) {
        this.data = data;
        boolean none = data.read(sql -> sql.number("SELECT count(*) FROM account")) == 0;
        if (none) {
            Passwords.check(adminPassword);
            String hash = Passwords.hash(adminPassword);
            data.write(sql ->
                    sql.update(
                            "INSERT INTO account (username, password, admin)"
                                    + " VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
                            ADMIN,
                            hash));
        }
    }

    /// The account with this name and password.
    Optional<Account> login(String username, String password) {
        return data.read(sql -> find(sql, username))
                .filter(account -> passwords.matches(password, account.hash()));
    }

    private static Optional<Account> find(SqlConnection sql, String username) {
        return sql.first(SELECT + " WHERE username = ?", Account::of, username);
    }

    private static Account get(SqlConnection sql, String username) {
        return find(sql, username)
                .orElseThrow(
                        () -> MlflowError.missing("User with username=" + username + " not found"));
    }

    Account get(String username) {
        return data.read(sql -> get(sql, username));
    }

    List<Account> list() {
        return data.read(sql -> sql.list(SELECT + " ORDER BY id", Account::of));
    }

    Account create(String username, String password) {
        if (!username.matches("[\\p{L}\\p{N}_.@+\\- ]{1,255}")) {
            throw MlflowError.invalid("Username cannot be '" + username + "'");
        }
        Passwords.check(password);
        String hash = Passwords.hash(password);
        return data.write(sql -> {
            if (find(sql, username).isPresent()) {
                throw MlflowError.exists("User (username=" + username + ") already exists.");
            }
            sql.update(
                    "INSERT INTO account (username, password, admin) VALUES (?, ?, 0)",
                    username,
                    hash);
            return get(sql, username);
        });
    }

    void changePassword(String username, String password) {
        Passwords.check(password);
        String hash = Passwords.hash(password);
        data.write(sql ->
                sql.update(
                        "UPDATE account SET password = ? WHERE id = ?",
                        hash,
                        get(sql, username).id()));
    }

    void changeAdmin(String username, boolean admin) {
        data.write(sql ->
                sql.update(
                        "UPDATE account SET admin = ? WHERE id = ?",
                        admin,
                        get(sql, username).id()));
    }

    void delete(String username) {
        data.write(sql -> {
            long id = get(sql, username).id();
            sql.update("DELETE FROM permission WHERE account = ?", id);
            return sql.update("DELETE FROM account WHERE id = ?", id);
        });
    }

    /// The level that was given to the account for one thing.
    ///
    /// @param kind `experiment` or `registered_model`
    Optional<Need.Level> permission(long account, String kind, String resource) {
        return data.read(sql ->
                sql.first(
                        "SELECT permission FROM permission"
                                + " WHERE kind = ? AND resource = ? AND account = ?",
                        row -> Need.Level.valueOf(row.text(1)),
                        kind,
                        resource,
                        account));
    }

    /// All levels that were given to an account: kind, resource and level.
    List<Map<String, @Nullable Object>> permissions(String username) {
        return data.read(sql ->
                sql.list(
                        "SELECT kind, resource, permission FROM permission"
                                + " WHERE account = ? ORDER BY kind, resource",
                        row ->
                                HttpJson.object(
                                        "resource_type", row.text(1),
                                        "resource_id", row.text(2),
                                        "permission", row.text(3)),
                        get(sql, username).id()));
    }

    static Need.Level level(String permission) {
        for (Need.Level level : Need.Level.values()) {
            if (level.name().equals(permission)) {
                return level;
            }
        }
        throw MlflowError.invalid(
                "Invalid permission '"
                        + permission
                        + "'. Valid permissions are: ('READ', 'USE', 'EDIT', 'MANAGE',"
                        + " 'NO_PERMISSIONS')");
    }

    /// What happens when the account has, or has not, a level for the thing already.
    enum Grant {
        CREATE,
        UPDATE,
        PUT
    }

    void grant(String username, String kind, String resource, Need.Level level, Grant grant) {
        data.write(sql -> {
            long account = get(sql, username).id();
            boolean there =
                    sql.number(
                                    "SELECT count(*) FROM permission WHERE kind = ?"
                                            + " AND resource = ? AND account = ?",
                                    kind,
                                    resource,
                                    account)
                            > 0;
            if (there && grant == Grant.CREATE) {
                throw MlflowError.exists(
                        "The permission of "
                                + username
                                + " for "
                                + kind
                                + " "
                                + resource
                                + " exists already");
            }
            if (!there && grant == Grant.UPDATE) {
                throw noPermission(username, kind, resource);
            }
            return sql.update(
                    "INSERT INTO permission (kind, resource, account, permission)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT (kind, resource, account)"
                            + " DO UPDATE SET permission = excluded.permission",
                    kind,
                    resource,
                    account,
                    level.name());
        });
    }

    static RuntimeException noPermission(String username, String kind, String resource) {
        return MlflowError.missing(
                username + " has no permission of its own for " + kind + " " + resource);
    }

    void revoke(String username, String kind, String resource) {
        data.write(sql -> {
            int removed =
                    sql.update(
                            "DELETE FROM permission WHERE kind = ? AND resource = ?"
                                    + " AND account = ?",
                            kind,
                            resource,
                            get(sql, username).id());
            if (removed == 0) {
                throw noPermission(username, kind, resource);
            }
            return removed;
        });
    }
}
