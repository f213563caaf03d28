package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Groups of users, which roles can be given to.
public final class Teams {
    private static final String NAME = "[\\p{L}\\p{N}_.@+\\- ]{1,255}";

    private final SqlDatabase data;
    private final Clock clock;

    Teams(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    private static Optional<Long> find(SqlConnection sql, String name) {
        return sql.first("SELECT id FROM team WHERE name = ?", row -> row.number(1), name);
    }

    static long get(SqlConnection sql, String name) {
        return find(sql, name).orElseThrow(() -> Problem.notFound("There is no team " + name));
    }

    /// Throws CONFLICT when the name is taken.
    public void create(String name) {
        if (!name.matches(NAME)) {
            throw Problem.badRequest("A team cannot be called '" + name + "'");
        }
        data.write(sql -> {
            if (find(sql, name).isPresent()) {
                throw new Problem(Problem.Code.CONFLICT, "There is a team " + name + " already");
            }
            return sql.update(
                    "INSERT INTO team (name, created) VALUES (?, ?)", name, clock.millis());
        });
    }

    /// Removes a team with its roles.
    public void delete(String name) {
        data.write(sql -> {
            long id = get(sql, name);
            sql.update("DELETE FROM team_member WHERE team = ?", id);
            sql.update("DELETE FROM workspace_role WHERE kind = 'team' AND holder = ?", id);
            return sql.update("DELETE FROM team WHERE id = ?", id);
        });
    }

    public void add(String team, String username) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO team_member (team, account) VALUES (?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        get(sql, team),
                        Users.get(sql, username).id()));
    }

    public void remove(String team, String username) {
        data.write(sql ->
                sql.update(
                        "DELETE FROM team_member WHERE team = ? AND account = ?",
                        get(sql, team),
                        Users.get(sql, username).id()));
    }

    /// Puts a user into those of these teams that are there, and out of all others.
    void set(long account, Collection<String> names) {
        data.write(sql -> {
            sql.update("DELETE FROM team_member WHERE account = ?", account);
            int joined = 0;
            for (String name : names) {
                Optional<Long> team = find(sql, name);
                if (team.isPresent()) {
                    joined +=
                            sql.update(
                                    "INSERT INTO team_member (team, account) VALUES (?, ?)"
                                            + " ON CONFLICT DO NOTHING",
                                    team.get(),
                                    account);
                }
            }
            return joined;
        });
    }

    /// All teams with their members.
    public List<Map<String, @Nullable Object>> list() {
        return data.read(sql -> {
            List<Map<String, @Nullable Object>> teams = new ArrayList<>();
            sql.each(
                    "SELECT id, name FROM team ORDER BY name",
                    row ->
                            teams.add(
                                    HttpJson.object(
                                            "name", row.text(2),
                                            "members", members(sql, row.number(1)))));
            return teams;
        });
    }

    private static List<String> members(SqlConnection sql, long team) {
        return sql.list(
                "SELECT username FROM team_member JOIN account ON account.id = account"
                        + " WHERE team = ? ORDER BY username",
                row -> row.text(1),
                team);
    }

    /// The names of a user's teams.
    List<String> of(long account) {
        return data.read(sql ->
                sql.list(
                        "SELECT name FROM team_member JOIN team ON team.id = team"
                                + " WHERE account = ? ORDER BY name",
                        row -> row.text(1),
                        account));
    }
}
