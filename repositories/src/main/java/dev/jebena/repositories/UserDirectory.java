package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Users whose accounts are kept outside of the hub: they come in as they do elsewhere on the
/// server, and own repositories under their names.
@FunctionalInterface
public interface UserDirectory {
    /// Who makes a request; empty where nothing in it names one of these users.
    ///
    /// @param secret the token of `Bearer`, or the password of `Basic`; null for none
    Optional<KnownUser> caller(HttpExchange exchange, @Nullable String secret);

    /// @param admin whether everything may be done
    /// @param way how the caller came in, as in the name of a token
    /// @param most what the way in allows at most
    /// @param namespaces the user's roles under other names than the own one
    record KnownUser(
            String name,
            String email,
            boolean admin,
            String way,
            TokenRole most,
            Map<String, TokenRole> namespaces) {}
}
