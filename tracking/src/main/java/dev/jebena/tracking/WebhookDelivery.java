package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Sends webhooks: signed as MLflow signs them, tried again when the receiver is busy or away.
final class WebhookDelivery implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 4;
    private static final int AT_ONCE = 10;
    private static final int WAITING = 1000;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Semaphore room = new Semaphore(WAITING);
    private final Semaphore sending = new Semaphore(AT_ONCE);
    private final boolean privateAddresses;
    private final Clock clock;

    /// @param privateAddresses whether addresses of this machine and its networks are allowed
    WebhookDelivery(boolean privateAddresses, Clock clock) {
        this.privateAddresses = privateAddresses;
        this.clock = clock;
    }

    /// Throws INVALID_PARAMETER_VALUE when nothing may be sent there.
    void check(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw MlflowError.invalid("Invalid webhook URL: " + url).causedBy(e);
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw MlflowError.invalid(
                    "Invalid webhook URL: " + url + ". Expected http:// or https:// and a host");
        }
        if (!privateAddresses && isPrivate(uri.getHost())) {
            throw MlflowError.invalid(
                    "Invalid webhook URL: " + url + " leads to a private network");
        }
    }

    private static boolean isPrivate(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (address.isLoopbackAddress()
                        || address.isSiteLocalAddress()
                        || address.isLinkLocalAddress()
                        || address.isAnyLocalAddress()
                        || (address.getAddress()[0] & 0xFE) == 0xFC) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /// Returns at once; what cannot be delivered is reported on standard error.
    void send(String url, String secret, Map<String, @Nullable Object> body) {
        if (!room.tryAcquire()) {
            System.err.println("webhook to " + url + " dropped: " + WAITING + " wait already");
            return;
        }
        Thread.ofVirtual()
                .name("webhook")
                .start(() -> {
                    try {
                        sending.acquire();
                        try {
                            deliver(url, secret, body);
                        } finally {
                            sending.release();
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } finally {
                        room.release();
                    }
                });
    }

    private void deliver(String url, String secret, Map<String, @Nullable Object> body)
            throws InterruptedException {
        String failure = "";
        for (int i = 0; i < TRIES; i++) {
            try {
                check(url);
                int status = post(url, secret, body).statusCode();
                if (status != 429 && status < 500) {
                    return;
                }
                failure = "status " + status;
            } catch (IOException | RuntimeException e) {
                failure = String.valueOf(e.getMessage());
            }
            Thread.sleep(Duration.ofSeconds(1L << i));
        }
        System.err.println("webhook to " + url + " failed: " + failure);
    }

    private HttpResponse<String> post(String url, String secret, Map<String, @Nullable Object> body)
            throws IOException, InterruptedException {
        String text = HttpJson.text(body);
        String id = UUID.randomUUID().toString();
        String time = Long.toString(clock.instant().getEpochSecond());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("X-MLflow-Delivery-Id", id)
                        .header("X-MLflow-Timestamp", time)
                        .POST(HttpRequest.BodyPublishers.ofString(text));
        if (!secret.isEmpty()) {
            request.header(
                    "X-MLflow-Signature", "v1," + signature(secret, id + "." + time + "." + text));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static String signature(String secret, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    /// Sends once and reports the answer.
    Map<String, @Nullable Object> test(
            String url, String secret, Map<String, @Nullable Object> body) {
        try {
            check(url);
            HttpResponse<String> reply = post(url, secret, body);
            String text = reply.body();
            return HttpJson.object(
                    "success",
                    reply.statusCode() / 100 == 2,
                    "response_status",
                    reply.statusCode(),
                    "response_body",
                    text.length() > 10_000 ? text.substring(0, 10_000) : text);
        } catch (IOException | RuntimeException e) {
            return HttpJson.object(
                    "success", false, "error_message", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HttpJson.object("success", false, "error_message", "interrupted");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
