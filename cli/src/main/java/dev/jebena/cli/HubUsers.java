package dev.jebena.cli;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsGate;
import dev.jebena.accounts.Caller;
import dev.jebena.accounts.Level;
import dev.jebena.base.HttpExchange;
import dev.jebena.repositories.TokenRole;
import dev.jebena.repositories.UserDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server's accounts as the hub's users. A workspace is a namespace of the hub: who may edit
/// the experiments of `vision` may write the repositories of `vision`.
final class HubUsers implements UserDirectory {
    private final Accounts accounts;
    private final AccountsGate gate;

    HubUsers(Accounts accounts) {
        this.accounts = accounts;
        this.gate = new AccountsGate(accounts);
    }

    /// Tokens count with whatever name git sends beside them.
    @Override
    public Optional<KnownUser> caller(HttpExchange exchange, @Nullable String secret) {
        Optional<Caller> caller =
                secret == null ? Optional.empty() : accounts.tokens().caller(secret);
        return caller.or(() -> gate.found(exchange)).map(this::known);
    }

    private KnownUser known(Caller caller) {
        Map<String, TokenRole> namespaces = new HashMap<>();
        accounts.permissions()
                .workspaces(caller.user().id())
                .forEach((workspace, level) ->
                        role(level).ifPresent(role -> namespaces.put(workspace, role)));
        return new KnownUser(
                caller.user().username(),
                caller.user().email(),
                caller.admin(),
                caller.session().isEmpty() ? "account" : "session",
                role(caller.most()).orElse(TokenRole.READ),
                namespaces);
    }

    private static Optional<TokenRole> role(Level level) {
        return switch (level) {
            case NO_PERMISSIONS -> Optional.empty();
            case READ, USE -> Optional.of(TokenRole.READ);
            case EDIT -> Optional.of(TokenRole.WRITE);
            case MANAGE -> Optional.of(TokenRole.ADMIN);
        };
    }
}
