package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;

/// A short token for the store of chunks: the right to read or write one repository.
///
/// @param account who writes; 0 for readers
record XetToken(long repository, long account) {
    static final String READ = "xet-read";
    static final String WRITE = "xet-write";

    private static final long VALID_SECONDS = 3600;

    private String right(String action) {
        return action + " " + repository + " " + account;
    }

    /// Answers with a token and where to use it, in headers for Python and in the body for
    /// JavaScript.
    static void send(RepoRequest request, String action, long account) throws IOException {
        XetToken token = new XetToken(request.repo().id(), account);
        String signed =
                request.repositories().signatures().sign(token.right(action), VALID_SECONDS);
        String text = "xet_" + token.repository() + "_" + account + "_" + signed;
        long expiry = Long.parseLong(signed.substring(0, signed.indexOf('-')));
        HttpExchange exchange = request.exchange();
        String url = exchange.baseUrl() + "/_xet";
        exchange.set("X-Xet-Cas-Url", url);
        exchange.set("X-Xet-Access-Token", text);
        exchange.set("X-Xet-Token-Expiration", Long.toString(expiry));
        exchange.json(200, HttpJson.object("accessToken", text, "exp", expiry, "casUrl", url));
    }

    /// The token of a request. Throws 401 without a valid one for the action.
    static XetToken of(HttpExchange exchange, Signatures signatures, String action) {
        String authorization = exchange.header("Authorization");
        String[] parts = authorization == null ? new String[0] : authorization.split("_");
        if (parts.length != 4
                || !parts[0].equals("Bearer xet")
                || !(parts[1] + parts[2]).matches("[0-9]{2,30}")
                || Math.max(parts[1].length(), parts[2].length()) > 18
                || Math.min(parts[1].length(), parts[2].length()) == 0) {
            throw HubError.wrongToken();
        }
        XetToken token = new XetToken(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        try {
            signatures.check(token.right(action), parts[3]);
        } catch (HubError _) {
            // The client asks for a new token after 401, not after 403.
            throw HubError.wrongToken();
        }
        return token;
    }
}
