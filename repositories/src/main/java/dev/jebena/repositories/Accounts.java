package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Users, organisations and access tokens. Of a token only its SHA-256 is kept: tokens are long and
/// random, so nothing slower is needed.
public final class Accounts {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SqlDatabase data;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Accounts(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /// A token without its secret.
    record Token(long id, String name, TokenRole role, long created) {}

    static Optional<Account> find(SqlConnection sql, String name) {
        return sql.first(
                "SELECT " + Account.COLUMNS + " FROM account WHERE folded = ?",
                Account::of,
                RepoName.fold(name));
    }

    Optional<Account> find(String name) {
        return data.read(sql -> find(sql, name));
    }

    Account get(String name) {
        return find(name).orElseThrow(() -> HubError.missing("There is no account " + name));
    }

    Account byId(long id) {
        return data.read(sql ->
                        sql.first(
                                "SELECT " + Account.COLUMNS + " FROM account WHERE id = ?",
                                Account::of,
                                id))
                .orElseThrow(() -> HubError.missing("There is no such account any more"));
    }

    List<Account> list() {
        return data.read(sql ->
                sql.list(
                        "SELECT " + Account.COLUMNS + " FROM account ORDER BY folded",
                        Account::of));
    }

    /// Makes a user. Throws status 409 when the name is taken.
    public void createUser(String name, boolean admin) {
        create(name, false, admin);
    }

    /// Makes an organisation whose first member, with all rights, is this user.
    public void createOrganization(String name, String creator) {
        long member = get(creator).id();
        long organization = create(name, true, false);
        data.write(sql ->
                sql.update(
                        "INSERT INTO member (organization, account, role) VALUES (?, ?, 'admin')",
                        organization,
                        member));
    }

    private long create(String name, boolean organization, boolean admin) {
        RepoName.checkedAccount(name);
        return data.write(sql -> {
            if (find(sql, name).isPresent()) {
                throw HubError.conflict("The name " + name + " is taken");
            }
            return sql.insert(
                    "INSERT INTO account (name, folded, organization, fullname, email, admin,"
                            + " created) VALUES (?, ?, ?, ?, '', ?, ?)",
                    name,
                    RepoName.fold(name),
                    organization,
                    name,
                    admin,
                    clock.millis());
        });
    }

    /// Gives a user a role in an organisation, in place of the one that it had.
    public void addMember(String organization, String user, TokenRole role) {
        Account group = get(organization);
        Account member = get(user);
        if (!group.organization() || member.organization()) {
            throw HubError.bad("Members are users of organizations");
        }
        data.write(sql ->
                sql.update(
                        "INSERT INTO member (organization, account, role) VALUES (?, ?, ?)"
                                + " ON CONFLICT (organization, account)"
                                + " DO UPDATE SET role = excluded.role",
                        group.id(),
                        member.id(),
                        role.word()));
    }

    public void removeMember(String organization, String user) {
        long group = get(organization).id();
        long member = get(user).id();
        data.write(sql ->
                sql.update(
                        "DELETE FROM member WHERE organization = ? AND account = ?",
                        group,
                        member));
    }

    /// A user of another directory as a caller of the hub. The first time an account is made; one
    /// that the hub itself made is not given away.
    Caller adopted(UserDirectory.KnownUser user) {
        Account known = find(user.name()).orElseGet(() -> adopt(user));
        if (!inDirectory(known.id())) {
            throw HubError.forbidden(
                    "The hub has an account "
                            + known.name()
                            + " of its own: use one of its tokens, or log in under another name");
        }
        List<Membership> memberships = new ArrayList<>(memberships(known.id()));
        user.namespaces()
                .forEach((namespace, role) ->
                        organization(namespace)
                                .ifPresent(group -> memberships.add(new Membership(group, role))));
        return new Caller(known.as(user.admin()), user.way(), user.most(), memberships);
    }

    /// Whether an account is a user's of another directory.
    private boolean inDirectory(long account) {
        return data.read(
                sql -> sql.number("SELECT directory FROM account WHERE id = ?", account) == 1);
    }

    private Account adopt(UserDirectory.KnownUser user) {
        long id = create(user.name(), false, false);
        data.write(sql ->
                sql.update(
                        "UPDATE account SET directory = 1, email = ? WHERE id = ?",
                        user.email(),
                        id));
        return byId(id);
    }

    /// The organisation under a name, made when the name is free; empty when it is a user's, or no
    /// name for one.
    private Optional<Account> organization(String name) {
        Optional<Account> there = find(name);
        if (there.isPresent()) {
            return there.filter(Account::organization);
        }
        try {
            return Optional.of(byId(create(name, true, false)));
        } catch (HubError _) {
            return find(name).filter(Account::organization);
        }
    }

    List<Membership> memberships(long account) {
        return data.read(sql -> memberships(sql, account));
    }

    private static List<Membership> memberships(SqlConnection sql, long account) {
        return sql.list(
                "SELECT "
                        + Account.COLUMNS
                        + ", member.role FROM member JOIN account"
                        + " ON account.id = member.organization WHERE member.account = ?"
                        + " ORDER BY account.folded",
                row -> new Membership(Account.of(row), TokenRole.of(row.text(8))),
                account);
    }

    List<Account> members(long organization) {
        return data.read(sql ->
                sql.list(
                        "SELECT "
                                + Account.COLUMNS
                                + " FROM member JOIN account ON account.id = member.account"
                                + " WHERE member.organization = ? ORDER BY account.folded",
                        Account::of,
                        organization));
    }

    /// Makes a token and returns its secret, which is not kept.
    public String createToken(String user, String name, TokenRole role) {
        StringBuilder secret = new StringBuilder("hf_");
        random.ints(34, 0, LETTERS.length()).forEach(i -> secret.append(LETTERS.charAt(i)));
        addToken(user, name, role, secret.toString());
        return secret.toString();
    }

    /// Makes a token with a secret that the caller chose; one that exists stays as it is.
    void addToken(String user, String name, TokenRole role, String secret) {
        if (secret.length() < 8 || secret.length() > 200 || !secret.matches("[!-~]+")) {
            throw HubError.bad("A token has 8 to 200 visible characters");
        }
        Account account = get(user);
        if (account.organization()) {
            throw HubError.bad("Organizations have no tokens");
        }
        if (inDirectory(account.id())) {
            throw HubError.bad(
                    account.name()
                            + " comes in with the server's accounts: make a token there"
                            + " (/api/accounts/tokens)");
        }
        data.write(sql ->
                sql.update(
                        "INSERT INTO token (account, digest, name, role, created)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
                        account.id(),
                        ContentId.of(secret).hex(),
                        name,
                        role.word(),
                        clock.millis()));
    }

    List<Token> tokens(long account) {
        return data.read(sql ->
                sql.list(
                        "SELECT id, name, role, created FROM token WHERE account = ? ORDER BY id",
                        row ->
                                new Token(
                                        row.number(1),
                                        row.text(2),
                                        TokenRole.of(row.text(3)),
                                        row.number(4)),
                        account));
    }

    /// Ends a token; false when the account has no such one.
    boolean deleteToken(long account, long id) {
        return data.write(sql ->
                sql.update("DELETE FROM token WHERE id = ? AND account = ?", id, account))
                > 0;
    }

    /// Who has this token.
    Optional<Caller> caller(String secret) {
        if (secret.length() > 200) {
            return Optional.empty();
        }
        String digest = ContentId.of(secret).hex();
        return data.read(sql ->
                sql.first(
                                "SELECT "
                                        + Account.COLUMNS
                                        + ", token.name, token.role FROM token JOIN account"
                                        + " ON account.id = token.account WHERE digest = ?",
                                row ->
                                        new Caller(
                                                Account.of(row),
                                                row.text(8),
                                                TokenRole.of(row.text(9)),
                                                List.of()),
                                digest)
                        .map(c ->
                                new Caller(
                                        c.account(),
                                        c.tokenName(),
                                        c.role(),
                                        memberships(sql, c.user().id()))));
    }
}
