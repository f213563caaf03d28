package dev.jebena.accounts;

import java.net.URI;
import java.util.List;

/// Another system that people log in with: an OpenID Connect provider such as Keycloak, Entra ID or
/// Google.
///
/// @param issuer its address, below which it describes itself
/// @param clientId what it calls this server
/// @param clientSecret what this server proves that with; empty for a public client
/// @param scopes what is asked for beside `openid`
/// @param nameClaim the claim that becomes the name of the account
/// @param groupsClaim the claim whose groups become teams, where teams of these names are; empty
///   for none
public record OidcOptions(
        URI issuer,
        String clientId,
        String clientSecret,
        List<String> scopes,
        String nameClaim,
        String groupsClaim) {
    public OidcOptions {
        scopes = List.copyOf(scopes);
    }

    /// Names are the claim `preferred_username`, groups the claim `groups`.
    public static OidcOptions of(URI issuer, String clientId, String clientSecret) {
        return new OidcOptions(
                issuer,
                clientId,
                clientSecret,
                List.of("profile", "email"),
                "preferred_username",
                "groups");
    }

    public OidcOptions nameClaim(String claim) {
        return new OidcOptions(issuer, clientId, clientSecret, scopes, claim, groupsClaim);
    }

    public OidcOptions groupsClaim(String claim) {
        return new OidcOptions(issuer, clientId, clientSecret, scopes, nameClaim, claim);
    }

    @Override
    public String toString() {
        return "OidcOptions[" + issuer + ", " + clientId + "]";
    }
}
