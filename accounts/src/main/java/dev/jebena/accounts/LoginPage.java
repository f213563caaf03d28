package dev.jebena.accounts;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.Router;
import java.io.IOException;
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

    /// Tells a person why another system's login did not work.
    static void refuse(HttpExchange x, HttpException why) throws IOException {
        String message =
                why.message()
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;");
        x.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        x.set("Cache-Control", "no-store");
        x.bytes(
                why.status(),
                "text/html; charset=utf-8",
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>Not logged in · Jebena</title>
                </head>
                <body>
                <h1>Not logged in</h1>
                <p role="alert">%s</p>
                <p><a href="/login">Log in</a></p>
                </body>
                </html>
                """
                        .formatted(message)
                        .getBytes(StandardCharsets.UTF_8));
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
