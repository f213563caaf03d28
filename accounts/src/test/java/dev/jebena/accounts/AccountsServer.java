package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A server that has nothing but accounts and a page behind them, and a client with a cookie.
final class AccountsServer implements AutoCloseable {
    static final String PASSWORD = "a long password";

    final Accounts accounts;
    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();
    private String cookie = "";

    record Reply(int status, String text, HttpResponse<String> whole) {
        Map<String, @Nullable Object> json() {
            return HttpJson.objectOf(
                    HttpJson.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }

        String location() {
            return whole.headers().firstValue("Location").orElse("");
        }
    }

    AccountsServer(Path folder, @Nullable OidcOptions oidc) {
        this(AccountsOptions.in(folder), oidc);
    }

    AccountsServer(AccountsOptions options, @Nullable OidcOptions oidc) {
        accounts = Accounts.open(options.adminPassword(PASSWORD));
        Router router = new Router();
        router.get("/secret", x -> x.text(200, "secret"));
        router.post("/secret", x -> x.text(200, "changed"));
        AccountsRoutes.mount(router, accounts, oidc);
        http = HttpServer.start(HttpServerOptions.defaults().port(0), router);
    }

    URI uri(String path) {
        return URI.create(http.uri().toString().replaceFirst("/$", "") + path);
    }

    void forget() {
        cookie = "";
    }

    Reply get(String path, String... headers) {
        return send("GET", uri(path), null, headers);
    }

    Reply post(String path, Map<String, ?> body, String... headers) {
        return send("POST", uri(path), body, headers);
    }

    Reply send(String method, URI uri, @Nullable Map<String, ?> body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(HttpJson.bytes(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookie.isEmpty() && uri.getPort() == http.uri().getPort()) {
            request.header("Cookie", cookie);
        }
        try {
            HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
            reply.headers()
                    .firstValue("Set-Cookie")
                    .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
            return new Reply(reply.statusCode(), reply.body(), reply);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int login(String username, String password) {
        return post("/api/accounts/login", Map.of("username", username, "password", password))
                .status();
    }

    @Override
    public void close() {
        http.close();
        accounts.close();
        client.shutdownNow();
    }
}
