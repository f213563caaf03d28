package dev.jebena.base;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The proxies that the environment names, as most programs read it: `HTTPS_PROXY`, `HTTP_PROXY`,
/// `NO_PROXY`, in either case. Without them, those of Java's system properties.
public final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;

    public EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String proxy = setting(uri.getScheme() + "_proxy");
        if (proxy == null) {
            ProxySelector system = ProxySelector.getDefault();
            return system == null ? List.of(Proxy.NO_PROXY) : system.select(uri);
        }
        InetSocketAddress address = isExempt(uri.getHost()) ? null : address(proxy);
        return List.of(address == null ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, address));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The request itself reports it.
    }

    private @Nullable String setting(String name) {
        String value = environment.get(name);
        String either = value == null ? environment.get(name.toUpperCase(Locale.ROOT)) : value;
        return either == null || either.isBlank() ? null : either.strip();
    }

    /// This machine itself, and the hosts and domains of `NO_PROXY`.
    private boolean isExempt(@Nullable String host) {
        if (host == null || host.equals("localhost") || host.startsWith("127.")) {
            return true;
        }
        String none = setting("no_proxy");
        if (none == null) {
            return false;
        }
        for (String entry : none.split(",")) {
            String domain = entry.strip().replaceFirst("^\\*?\\.", "");
            boolean matches =
                    domain.equals("*")
                            || host.equalsIgnoreCase(domain)
                            || host.toLowerCase(Locale.ROOT)
                                    .endsWith("." + domain.toLowerCase(Locale.ROOT));
            if (!domain.isEmpty() && matches) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable InetSocketAddress address(String proxy) {
        try {
            URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
            int port = uri.getPort() < 0 ? 80 : uri.getPort();
            return uri.getHost() == null ? null : new InetSocketAddress(uri.getHost(), port);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
