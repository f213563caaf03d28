package dev.jebena.cli;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.AccountsRoutes;
import dev.jebena.accounts.OidcOptions;
import dev.jebena.base.Router;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who may use the server, beside API keys.
final class AccountsArguments {
    @Option(
            names = "--accounts",
            negatable = true,
            description = {
                "Everybody needs an account (default: not on this machine's own address,",
                "nor with API keys or --open); admin has JEBENA_ADMIN_PASSWORD."
            })
    @Nullable Boolean wanted;

    @Option(
            names = "--tracking-accounts",
            description = "Only runs need accounts; the first one is admin, as above.")
    boolean trackingOnly;

    @Option(
            names = "--accounts-database",
            paramLabel = "ADDRESS",
            description = "PostgreSQL database of accounts, in place of a file.")
    @Nullable String database;

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "Log in with this OpenID Connect provider.")
    @Nullable URI issuer;

    @Option(
            names = "--oidc-client",
            paramLabel = "ID",
            description = "What it calls this server; its secret is in JEBENA_OIDC_SECRET.",
            defaultValue = "jebena")
    String client = "jebena";

    @Option(
            names = "--oidc-name-claim",
            paramLabel = "CLAIM",
            description = "The claim with the name (default ${DEFAULT-VALUE}).",
            defaultValue = "preferred_username")
    String nameClaim = "preferred_username";

    @Option(
            names = "--oidc-groups-claim",
            paramLabel = "CLAIM",
            description = "The claim with groups, which are teams (default ${DEFAULT-VALUE}).",
            defaultValue = "groups")
    String groupsClaim = "groups";

    /// Whether the whole server is closed to those without an account.
    ///
    /// @param exposed whether other machines reach it and nothing else keeps them out
    boolean whole(boolean exposed) {
        return wanted == null ? exposed && !trackingOnly : wanted;
    }

    /// The accounts; null where nothing needs them.
    @Nullable Accounts open(Path home, boolean exposed, Map<String, String> environment) {
        boolean whole = whole(exposed);
        if (!whole && !trackingOnly) {
            return null;
        }
        String password = environment.get("JEBENA_ADMIN_PASSWORD");
        if (!whole && password == null) {
            throw UserError.usage(
                    "--tracking-accounts needs a password for admin\nset JEBENA_ADMIN_PASSWORD");
        }
        AccountsOptions options =
                AccountsOptions.in(home.resolve("accounts"))
                        .database(database)
                        .adminPassword(password);
        Accounts accounts = Accounts.open(options);
        if (accounts.users().list().isEmpty()) {
            String made = password();
            accounts.close();
            accounts = Accounts.open(options.adminPassword(made));
            System.err.println(
                    "jebena: the first account is %s with the password %s (shown this once)"
                            .formatted(Accounts.ADMIN, made));
        }
        return accounts;
    }

    private static String password() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void mount(Router router, Accounts accounts, boolean exposed, Map<String, String> environment) {
        URI provider = issuer;
        OidcOptions oidc =
                provider == null
                        ? null
                        : OidcOptions.of(
                                        provider,
                                        client,
                                        environment.getOrDefault("JEBENA_OIDC_SECRET", ""))
                                .nameClaim(nameClaim)
                                .groupsClaim(groupsClaim);
        if (whole(exposed)) {
            AccountsRoutes.mount(router, accounts, oidc);
        } else {
            AccountsRoutes.mountOnly(router, accounts, oidc);
        }
    }
}
