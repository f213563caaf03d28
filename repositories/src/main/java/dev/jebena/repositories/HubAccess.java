package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who calls, and what they may see and do. What a caller may not see looks as if it were not
/// there.
final class HubAccess {
    /// What a request wants of a repository.
    enum Need {
        /// Its description and the names of its files.
        SEE,
        /// Its files; those of a gated repository only with leave.
        READ,
        /// Its commits, branches and tags; nobody may change those of a mirrored repository here.
        WRITE,
        /// Its settings and its name, and whether it is there at all.
        MANAGE
    }

    private final Repositories repositories;
    private final AccessRequests requests;

    HubAccess(Repositories repositories, AccessRequests requests) {
        this.repositories = repositories;
        this.requests = requests;
    }

    /// The caller by the token of `Authorization: Bearer`, or the password of `Basic`, as git sends
    /// it, or as the directory of users knows. Throws 401 for a wrong one.
    Caller caller(HttpExchange exchange) {
        Accounts accounts = repositories.accounts();
        String token = token(exchange.header("Authorization"));
        Optional<Caller> own = token == null ? Optional.empty() : accounts.caller(token);
        return own.or(() -> repositories.directory().caller(exchange, token).map(accounts::adopted))
                .orElseGet(() -> {
                    if (token != null) {
                        throw HubError.wrongToken();
                    }
                    return Caller.ANONYMOUS;
                });
    }

    private static @Nullable String token(@Nullable String authorization) {
        if (authorization == null || authorization.isBlank()) {
            return null;
        }
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7).strip();
        }
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw HubError.wrongToken();
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(authorization.substring(6).strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            String password = pair.substring(colon + 1);
            return password.isEmpty() ? pair.substring(0, Math.max(colon, 0)) : password;
        } catch (IllegalArgumentException _) {
            throw HubError.wrongToken();
        }
    }

    /// Whether callers may look at lists: anonymous ones only where that is allowed.
    void checkBrowse(Caller caller) {
        if (caller.anonymous() && !repositories.options().anonymous()) {
            throw HubError.needsToken();
        }
    }

    boolean maySee(Caller caller, Repo repo) {
        boolean open =
                !repo.hidden() && (!caller.anonymous() || repositories.options().anonymous());
        return open || caller.roleIn(repo.name().namespace()) != null;
    }

    /// The repository of this name. Throws RepoNotFound when the caller may not see it.
    Repo find(Caller caller, RepoName name) {
        Optional<Repo> found =
                repositories.catalog().find(name).or(() -> repositories.catalog().findMoved(name));
        Mirror mirror = repositories.mirror();
        if (mirror != null && (!caller.anonymous() || repositories.options().anonymous())) {
            found = found.isPresent() ? found.map(mirror::fresh) : mirror.obtain(name);
        }
        return found.filter(repo -> maySee(caller, repo))
                .orElseThrow(() -> HubError.noRepository(caller.anonymous()));
    }

    /// Throws when the caller, who may see the repository, may not do this with it.
    void check(Caller caller, Repo repo, Need need) {
        if (need == Need.READ && !mayRead(caller, repo)) {
            throw HubError.gated(repo.name(), caller.anonymous());
        }
        if (need == Need.WRITE || need == Need.MANAGE) {
            checkWrite(caller, repo.name().namespace());
        }
        if (need == Need.WRITE) {
            repositories.checkOwn(repo);
        }
    }

    /// Whether a caller who may see the repository may read its files.
    boolean mayRead(Caller caller, Repo repo) {
        Account user = caller.account();
        if (!repo.isGated()) {
            return true;
        }
        return user != null
                && (caller.roleIn(repo.name().namespace()) != null
                        || requests.isAccepted(repo.id(), user.id()));
    }

    /// Throws unless account and token may change repositories of the namespace.
    void checkWrite(Caller caller, String namespace) {
        caller.writer();
        if (!caller.mayWrite(namespace)) {
            throw HubError.mayNotWrite(namespace);
        }
    }
}
