package dev.jebena.base;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// `postgresql://user:password@host:port/name?options` as the driver wants it.
final class PostgresAddress {
    private PostgresAddress() {}

    /// Throws BAD_REQUEST, without the password, when the address is none.
    static String jdbc(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.matches("postgres(ql)?")
                || uri.getHost() == null
                || uri.getPath().length() < 2) {
            throw wrong(null);
        }
        StringBuilder url = new StringBuilder("jdbc:postgresql://").append(uri.getHost());
        if (uri.getPort() >= 0) {
            url.append(':').append(uri.getPort());
        }
        url.append(uri.getRawPath()).append("?reWriteBatchedInserts=true&tcpKeepAlive=true");
        if (uri.getRawQuery() != null) {
            url.append('&').append(uri.getRawQuery());
        }
        String user = uri.getRawUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            url.append("&user=").append(recoded(colon < 0 ? user : user.substring(0, colon)));
            if (colon >= 0) {
                url.append("&password=").append(recoded(user.substring(colon + 1)));
            }
        }
        return url.toString();
    }

    private static String recoded(String part) {
        return URLEncoder.encode(RoutePattern.decode(part), StandardCharsets.UTF_8);
    }

    private static Problem wrong(@org.jspecify.annotations.Nullable Throwable cause) {
        return new Problem(
                Problem.Code.BAD_REQUEST,
                "not the address of a PostgreSQL database",
                "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
                cause);
    }
}
