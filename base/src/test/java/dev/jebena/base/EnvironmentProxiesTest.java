package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static String proxy(Map<String, String> environment, String uri) {
        Proxy proxy = new EnvironmentProxies(environment).select(URI.create(uri)).getFirst();
        return proxy.address() == null ? "none" : proxy.address().toString();
    }

    @Test
    void theEnvironmentsProxyIsUsedExceptWhereItSaysNot() {
        Map<String, String> environment =
                Map.of(
                        "HTTPS_PROXY", "http://127.0.0.9:3128",
                        "http_proxy", "127.0.0.8",
                        "NO_PROXY", "internal.example, .corp.example");

        assertThat(proxy(environment, "https://hub.example/x")).contains("127.0.0.9:3128");
        assertThat(proxy(environment, "http://hub.example/x")).contains("127.0.0.8:80");
        for (String host :
                new String[] {"internal.example", "a.corp.example", "localhost", "127.0.0.1"}) {
            assertThat(proxy(environment, "https://" + host + "/")).as(host).isEqualTo("none");
        }
    }

    @Test
    void withoutSettingsThereIsNone() {
        assertThat(proxy(Map.of(), "https://hub.example/x")).isEqualTo("none");
    }
}
