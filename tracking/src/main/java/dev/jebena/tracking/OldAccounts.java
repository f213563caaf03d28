package dev.jebena.tracking;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions.Grant;
import dev.jebena.base.SqlDatabase;
import java.util.List;

/// Accounts that older versions kept in the database of the runs: they move to those of the server,
/// once. A name that is there already keeps its password.
final class OldAccounts {
    private OldAccounts() {}

    private record Account(long id, String username, String hash, boolean admin) {}

    private record Permission(String kind, String resource, String level) {}

    static void move(SqlDatabase data, Accounts accounts) {
        List<Account> old =
                data.read(sql ->
                        sql.list(
                                "SELECT id, username, password, admin FROM account",
                                row ->
                                        new Account(
                                                row.number(1),
                                                row.text(2),
                                                row.text(3),
                                                row.flag(4))));
        for (Account account : old) {
            if (accounts.users().find(account.username()).isEmpty()) {
                accounts.users().adopt(account.username(), account.hash(), account.admin());
            }
            List<Permission> permissions =
                    data.read(sql ->
                            sql.list(
                                    "SELECT kind, resource, permission FROM permission"
                                            + " WHERE account = ?",
                                    row -> new Permission(row.text(1), row.text(2), row.text(3)),
                                    account.id()));
            for (Permission one : permissions) {
                accounts.permissions()
                        .grant(
                                account.username(),
                                one.kind(),
                                one.resource(),
                                Level.of(one.level()),
                                Grant.PUT);
            }
            data.write(sql -> {
                sql.update("DELETE FROM permission WHERE account = ?", account.id());
                return sql.update("DELETE FROM account WHERE id = ?", account.id());
            });
        }
    }
}
