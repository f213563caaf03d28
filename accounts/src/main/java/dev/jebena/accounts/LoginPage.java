package dev.jebena.accounts;

import dev.jebena.base.Router;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The page to log in. Its one style and one script stand in it, and the content security policy
/// names their hashes, so nothing else runs there.
final class LoginPage {
    private LoginPage() {}

    static void mount(Router router) {
        byte[] page = AccountsRoutes.resource("login.html");
        String text = new String(page, StandardCharsets.UTF_8);
        String policy =
                "default-src 'none'; style-src %s; script-src %s; connect-src 'self';"
                                .formatted(hash(text, "style"), hash(text, "script"))
                        + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        router.get(
                AccountsGate.LOGIN,
                x -> {
                    x.set("Content-Security-Policy", policy);
                    x.set("X-Content-Type-Options", "nosniff");
                    x.set("Referrer-Policy", "no-referrer");
                    x.set("Cache-Control", "no-store");
                    x.bytes(200, "text/html; charset=utf-8", page);
                });
    }

    /// The source expression for what stands between the tags of an element.
    private static String hash(String page, String tag) {
        int from = page.indexOf("<" + tag + ">") + tag.length() + 2;
        String content = page.substring(from, page.indexOf("</" + tag + ">", from));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
