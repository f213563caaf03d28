package dev.jebena.repositories;

import dev.jebena.base.SqlRow;

/// A user or an organisation; both own repositories under their name.
record Account(
        long id,
        String name,
        boolean organization,
        String fullname,
        String email,
        boolean admin,
        long created) {
    static final String COLUMNS =
            "account.id, account.name, account.organization, account.fullname, account.email, account.admin, account.created";

    static Account of(SqlRow row) {
        return new Account(
                row.number(1),
                row.text(2),
                row.flag(3),
                row.text(4),
                row.text(5),
                row.flag(6),
                row.number(7));
    }

    /// The same account with the rights of an administrator, or without them.
    Account as(boolean administrator) {
        return new Account(id, name, organization, fullname, email, administrator, created);
    }

    /// The address in commits of an account that has given none.
    String commitEmail() {
        return email.isEmpty() ? name + "@users.noreply.jebena" : email;
    }
}
