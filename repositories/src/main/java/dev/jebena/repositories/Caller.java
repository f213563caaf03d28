package dev.jebena.repositories;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who calls, and with which token.
///
/// @param account null for callers without a token
/// @param tokenName as its owner called it
record Caller(
        @Nullable Account account, String tokenName, TokenRole role, List<Membership> memberships) {
    static final Caller ANONYMOUS = new Caller(null, "", TokenRole.READ, List.of());

    boolean anonymous() {
        return account == null;
    }

    /// Throws 401 for callers without a token.
    Account user() {
        if (account == null) {
            throw HubError.needsToken();
        }
        return account;
    }

    /// The user, who wants to change something: throws 401 or 403 without a token that may.
    Account writer() {
        Account user = user();
        if (role == TokenRole.READ) {
            throw HubError.forbidden(
                    "The token '"
                            + tokenName
                            + "' may only read. Use a token with the role write.");
        }
        return user;
    }

    /// The user, who wants to manage accounts.
    Account administrator() {
        Account user = user();
        if (!user.admin() || role != TokenRole.ADMIN) {
            throw HubError.forbidden("This needs an administrator's token with the role admin.");
        }
        return user;
    }

    /// What the account may do with repositories of a namespace, whatever the token; null for
    /// nothing but what everybody may.
    @Nullable TokenRole roleIn(String namespace) {
        Account user = account;
        if (user == null) {
            return null;
        }
        if (user.admin() || user.name().equalsIgnoreCase(namespace)) {
            return TokenRole.ADMIN;
        }
        for (Membership membership : memberships) {
            if (membership.organization().name().equalsIgnoreCase(namespace)) {
                return membership.role();
            }
        }
        return null;
    }

    /// Whether account and token may both change repositories of the namespace.
    boolean mayWrite(String namespace) {
        TokenRole own = roleIn(namespace);
        return role != TokenRole.READ && own != null && own != TokenRole.READ;
    }
}
