package dev.jebena.accounts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Login with OpenID Connect: authorization code with PKCE (RFC 7636), a state and a nonce, each
/// good for one login; the ID token's signature, issuer, audience and times are checked.
final class OidcLogin {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int TIMEOUT_MILLIS = 15_000;

    private final Accounts accounts;
    private final OidcOptions options;
    private @Nullable OIDCProviderMetadata provider;

    OidcLogin(Accounts accounts, OidcOptions options) {
        this.accounts = accounts;
        this.options = options;
    }

    private record Pending(String nonce, String verifier, String target) {}

    /// What the provider says of itself, asked once it is needed.
    private synchronized OIDCProviderMetadata provider() {
        if (provider == null) {
            try {
                provider =
                        OIDCProviderMetadata.resolve(
                                new Issuer(options.issuer()), TIMEOUT_MILLIS, TIMEOUT_MILLIS);
            } catch (GeneralException | IOException e) {
                throw failed("does not describe itself: " + e.getMessage(), e);
            }
        }
        return provider;
    }

    private Problem failed(String what, @Nullable Exception cause) {
        return new Problem(Problem.Code.BAD_GATEWAY, options.issuer() + " " + what, null, cause);
    }

    /// Where the browser goes to log in.
    ///
    /// @param callback the address that it comes back to
    /// @param target the page that it wants to see then
    URI begin(URI callback, String target) {
        State state = new State();
        Nonce nonce = new Nonce();
        CodeVerifier verifier = new CodeVerifier();
        long now = accounts.clock().millis();
        accounts.data()
                .write(sql -> {
                    sql.update("DELETE FROM pending_login WHERE expires <= ?", now);
                    return sql.update(
                            "INSERT INTO pending_login (state, nonce, verifier, target, expires)"
                                    + " VALUES (?, ?, ?, ?, ?)",
                            Secrets.digest(state.getValue()),
                            nonce.getValue(),
                            verifier.getValue(),
                            target,
                            now + PATIENCE.toMillis());
                });
        Scope scope = new Scope("openid");
        options.scopes().forEach(scope::add);
        return new AuthenticationRequest.Builder(
                        new ResponseType(ResponseType.Value.CODE),
                        scope,
                        new ClientID(options.clientId()),
                        callback)
                .endpointURI(provider().getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /// Who came back, and the page that was wanted.
    record Done(User user, String target) {}

    Done finish(URI callback, @Nullable String state, @Nullable String code) {
        Pending pending =
                taken(state == null ? "" : state)
                        .orElseThrow(() ->
                                new Problem(
                                        Problem.Code.FORBIDDEN,
                                        "this login was not begun here, or too long ago"));
        if (code == null) {
            throw new Problem(
                    Problem.Code.FORBIDDEN, options.issuer() + " did not confirm the login");
        }
        IDTokenClaimsSet claims = claims(callback, code, pending);
        String subject = claims.getIssuer() + "|" + claims.getSubject();
        String name = claims.getStringClaim(options.nameClaim());
        String email = Optional.ofNullable(claims.getStringClaim("email")).orElse("");
        if (name == null || name.isBlank()) {
            name = email.isEmpty() ? claims.getSubject().getValue() : email;
        }
        User user = accounts.users().external(subject, name, email);
        if (user.disabled()) {
            throw new Problem(Problem.Code.FORBIDDEN, "the account " + name + " is disabled");
        }
        List<String> groups =
                options.groupsClaim().isEmpty()
                        ? null
                        : claims.getStringListClaim(options.groupsClaim());
        if (groups != null) {
            accounts.teams().set(user.id(), groups);
        }
        return new Done(user, pending.target());
    }

    private Optional<Pending> taken(String state) {
        String digest = Secrets.digest(state);
        return accounts.data()
                .write(sql -> {
                    Optional<Pending> found =
                            sql.first(
                                    "SELECT nonce, verifier, target FROM pending_login"
                                            + " WHERE state = ? AND expires > ?",
                                    row -> new Pending(row.text(1), row.text(2), row.text(3)),
                                    digest,
                                    accounts.clock().millis());
                    sql.update("DELETE FROM pending_login WHERE state = ?", digest);
                    return found;
                });
    }

    private IDTokenClaimsSet claims(URI callback, String code, Pending pending) {
        ClientID client = new ClientID(options.clientId());
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code),
                        callback,
                        new CodeVerifier(pending.verifier()));
        URI endpoint = provider().getTokenEndpointURI();
        TokenRequest request =
                options.clientSecret().isEmpty()
                        ? new TokenRequest.Builder(endpoint, client, grant).build()
                        : new TokenRequest.Builder(
                                        endpoint,
                                        new ClientSecretBasic(
                                                client, new Secret(options.clientSecret())),
                                        grant)
                                .build();
        try {
            HTTPRequest http = request.toHTTPRequest();
            http.setConnectTimeout(TIMEOUT_MILLIS);
            http.setReadTimeout(TIMEOUT_MILLIS);
            TokenResponse reply = OIDCTokenResponseParser.parse(http.send());
            if (!(reply instanceof OIDCTokenResponse tokens)) {
                throw failed(
                        "refused the login: "
                                + reply.toErrorResponse().getErrorObject().getDescription(),
                        null);
            }
            return validator(client)
                    .validate(tokens.getOIDCTokens().getIDToken(), new Nonce(pending.nonce()));
        } catch (ParseException | IOException e) {
            throw failed("gave no token: " + e.getMessage(), e);
        } catch (BadJOSEException | JOSEException e) {
            throw failed("gave a token that is not valid: " + e.getMessage(), e);
        }
    }

    /// The algorithm that every provider has, or what this one says that it signs with.
    private IDTokenValidator validator(ClientID client) {
        List<JWSAlgorithm> algorithms = provider().getIDTokenJWSAlgs();
        JWSAlgorithm algorithm =
                algorithms == null || algorithms.contains(JWSAlgorithm.RS256)
                        ? JWSAlgorithm.RS256
                        : algorithms.stream()
                                .filter(JWSAlgorithm.Family.SIGNATURE::contains)
                                .findFirst()
                                .orElse(JWSAlgorithm.RS256);
        try {
            return new IDTokenValidator(
                    provider().getIssuer(), client, algorithm, provider().getJWKSetURI().toURL());
        } catch (MalformedURLException e) {
            throw failed("has no address of keys: " + e.getMessage(), e);
        }
    }

    /// For the login page.
    Map<String, String> json() {
        return Map.of("issuer", options.issuer().toString());
    }
}
