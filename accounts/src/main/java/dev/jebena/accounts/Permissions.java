package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What users may do: for one thing each, and by roles in workspaces. A workspace is what stands
/// before the first `/` or `.` of a name: `vision/digits` and `vision.reader` belong to `vision`
/// (names of registered models have no `/` in MLflow). One in which somebody has a role belongs to
/// those who have one; what is in no workspace is everybody's to read.
public final class Permissions {
    private final SqlDatabase data;

    Permissions(SqlDatabase data) {
        this.data = data;
    }

    /// Who holds a role.
    public enum Holder {
        USER,
        TEAM;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /// Throws BAD_REQUEST for other words than `user` and `team`.
        public static Holder of(String word) {
            return switch (word) {
                case "user" -> USER;
                case "team" -> TEAM;
                default ->
                        throw Problem.badRequest("kind is '" + word + "'; expected user or team");
            };
        }

        private long id(SqlConnection sql, String name) {
            return this == USER ? Users.get(sql, name).id() : Teams.get(sql, name);
        }
    }

    /// The workspace of a name; empty for none.
    public static String workspace(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '/' || name.charAt(i) == '.') {
                return name.substring(0, i);
            }
        }
        return "";
    }

    /// The level that was given to a user for one thing.
    public Optional<Level> own(long account, String kind, String resource) {
        return data.read(sql ->
                sql.first(
                        "SELECT level FROM permission"
                                + " WHERE kind = ? AND resource = ? AND account = ?",
                        row -> Level.of(row.text(1)),
                        kind,
                        resource,
                        account));
    }

    /// The level that a user's roles, and those of the user's teams, give in a workspace; empty
    /// where nobody has a role there.
    public Optional<Level> inWorkspace(long account, String workspace) {
        if (workspace.isEmpty()) {
            return Optional.empty();
        }
        return data.read(sql -> {
            Level[] most = {Level.NO_PERMISSIONS};
            boolean[] any = {false};
            sql.each(
                    "SELECT level, CASE WHEN (kind = 'user' AND holder = ?) OR (kind = 'team'"
                            + " AND holder IN (SELECT team FROM team_member WHERE account = ?))"
                            + " THEN 1 ELSE 0 END FROM workspace_role WHERE workspace = ?",
                    row -> {
                        any[0] = true;
                        Level level = Level.of(row.text(1));
                        if (row.flag(2) && level.covers(most[0])) {
                            most[0] = level;
                        }
                    },
                    account,
                    account,
                    workspace);
            return any[0] ? Optional.of(most[0]) : Optional.empty();
        });
    }

    /// The workspaces in which a user has a role, own or by a team, with the highest of them.
    public Map<String, Level> workspaces(long account) {
        Map<String, Level> most = new TreeMap<>();
        data.read(sql -> {
            sql.each(
                    "SELECT workspace, level FROM workspace_role"
                            + " WHERE (kind = 'user' AND holder = ?) OR (kind = 'team'"
                            + " AND holder IN (SELECT team FROM team_member WHERE account = ?))",
                    row ->
                            most.merge(
                                    row.text(1),
                                    Level.of(row.text(2)),
                                    (one, other) -> one.covers(other) ? one : other),
                    account,
                    account);
            return most;
        });
        return most;
    }

    /// Gives a role in a workspace, in place of the one that the holder had.
    public void setRole(String workspace, Holder kind, String holder, Level level) {
        if (!workspace.matches("[^/.\\p{Cntrl}]{1,255}")) {
            throw Problem.badRequest(
                    "A workspace cannot be called '"
                            + workspace
                            + "': 1 to 255 characters, no / or .");
        }
        data.write(sql ->
                sql.update(
                        "INSERT INTO workspace_role (workspace, kind, holder, level)"
                                + " VALUES (?, ?, ?, ?) ON CONFLICT (workspace, kind, holder)"
                                + " DO UPDATE SET level = excluded.level",
                        workspace,
                        kind.word(),
                        kind.id(sql, holder),
                        level.name()));
    }

    /// Throws NOT_FOUND where the holder has none.
    public void removeRole(String workspace, Holder kind, String holder) {
        int removed =
                data.write(sql ->
                        sql.update(
                                "DELETE FROM workspace_role"
                                        + " WHERE workspace = ? AND kind = ? AND holder = ?",
                                workspace,
                                kind.word(),
                                kind.id(sql, holder)));
        if (removed == 0) {
            throw Problem.notFound(
                    "%s %s has no role in %s".formatted(kind.word(), holder, workspace));
        }
    }

    /// All roles: workspace, kind, holder and level.
    public List<Map<String, @Nullable Object>> roles() {
        return data.read(sql ->
                sql.list(
                        "SELECT workspace, kind, coalesce(username, name), level"
                                + " FROM workspace_role LEFT JOIN account"
                                + " ON kind = 'user' AND account.id = holder LEFT JOIN team"
                                + " ON kind = 'team' AND team.id = holder"
                                + " ORDER BY workspace, kind, coalesce(username, name)",
                        row ->
                                HttpJson.object(
                                        "workspace", row.text(1),
                                        "kind", row.text(2),
                                        "holder", row.text(3),
                                        "level", row.text(4))));
    }

    /// All levels for single things that were given to a user: kind, resource and level.
    public List<Map<String, @Nullable Object>> list(String username) {
        return data.read(sql ->
                sql.list(
                        "SELECT kind, resource, level FROM permission"
                                + " WHERE account = ? ORDER BY kind, resource",
                        row ->
                                HttpJson.object(
                                        "resource_type", row.text(1),
                                        "resource_id", row.text(2),
                                        "permission", row.text(3)),
                        Users.get(sql, username).id()));
    }

    /// What happens when the user has, or has not, a level for the thing already.
    public enum Grant {
        CREATE,
        UPDATE,
        PUT
    }

    /// Throws CONFLICT or NOT_FOUND as `grant` says.
    public void grant(String username, String kind, String resource, Level level, Grant grant) {
        data.write(sql -> {
            long account = Users.get(sql, username).id();
            boolean there =
                    sql.number(
                                    "SELECT count(*) FROM permission WHERE kind = ?"
                                            + " AND resource = ? AND account = ?",
                                    kind,
                                    resource,
                                    account)
                            > 0;
            if (there && grant == Grant.CREATE) {
                throw new Problem(
                        Problem.Code.CONFLICT,
                        "The permission of %s for %s %s exists already"
                                .formatted(username, kind, resource));
            }
            if (!there && grant == Grant.UPDATE) {
                throw none(username, kind, resource);
            }
            return sql.update(
                    "INSERT INTO permission (kind, resource, account, level)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT (kind, resource, account)"
                            + " DO UPDATE SET level = excluded.level",
                    kind,
                    resource,
                    account,
                    level.name());
        });
    }

    /// NOT_FOUND for a permission that was never given.
    public static Problem none(String username, String kind, String resource) {
        return Problem.notFound(
                username + " has no permission of its own for " + kind + " " + resource);
    }

    /// Throws NOT_FOUND where there is none.
    public void revoke(String username, String kind, String resource) {
        data.write(sql -> {
            int removed =
                    sql.update(
                            "DELETE FROM permission WHERE kind = ? AND resource = ?"
                                    + " AND account = ?",
                            kind,
                            resource,
                            Users.get(sql, username).id());
            if (removed == 0) {
                throw none(username, kind, resource);
            }
            return removed;
        });
    }
}
