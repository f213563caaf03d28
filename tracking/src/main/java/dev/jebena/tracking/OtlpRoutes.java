package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// OpenTelemetry's `/v1/traces`: spans by OTLP over HTTP, in protobuf or JSON, plain or compressed.
final class OtlpRoutes {
    private static final String EXPERIMENT = "x-mlflow-experiment-id";
    private static final int MOST_BYTES = 64 << 20;

    private final Traces traces;
    private final Access access;

    private OtlpRoutes(Traces traces, Access access) {
        this.traces = traces;
        this.access = access;
    }

    static void mount(Router router, Traces traces, Access access) {
        OtlpRoutes routes = new OtlpRoutes(traces, access);
        router.errors("/v1/traces", MlflowError::body);
        router.post("/v1/traces", routes::export);
    }

    private void export(HttpExchange exchange) throws IOException {
        String experiment = exchange.header(EXPERIMENT);
        if (experiment == null) {
            exchange.json(422, missingHeader());
            return;
        }
        access.check(
                exchange,
                RequestFields.of(HttpJson.object("experiment_id", experiment)),
                Need.edit(Need.Thing.EXPERIMENT));
        String type = exchange.header("Content-Type");
        String media = type == null ? "" : type.split(";")[0].strip().toLowerCase(Locale.ROOT);
        boolean json = media.equals("application/json");
        if (!json && !media.equals("application/x-protobuf")) {
            throw new HttpException(
                    400,
                    "BAD_REQUEST",
                    "Invalid Content-Type: "
                            + type
                            + ". Expected: application/x-protobuf or application/json");
        }
        byte[] body = body(exchange);
        List<Span> spans = json ? OtlpJson.read(body) : OtlpSpans.read(body);
        if (body.length == 0) {
            throw MlflowError.invalid("Invalid OpenTelemetry format - no spans found");
        }
        String run = exchange.header("x-mlflow-run-id");
        if (!spans.isEmpty()) {
            traces.log(experiment, spans, run == null ? "" : run);
        }
        if (json) {
            exchange.json(200, Map.of());
        } else {
            exchange.bytes(200, "application/x-protobuf", new byte[0]);
        }
    }

    private static Object missingHeader() {
        return HttpJson.object(
                "detail",
                List.of(
                        HttpJson.object(
                                "type",
                                "missing",
                                "loc",
                                List.of("header", EXPERIMENT),
                                "msg",
                                "Field required",
                                "input",
                                null)));
    }

    private static byte[] body(HttpExchange exchange) {
        String encoding = exchange.header("Content-Encoding");
        try (InputStream plain = exchange.bodyStream();
                InputStream in = decompressed(encoding == null ? "" : encoding, plain)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (out.size() + n > MOST_BYTES) {
                    throw new HttpException(
                            413,
                            "BAD_REQUEST",
                            "The spans have more than " + MOST_BYTES + " bytes");
                }
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw MlflowError.invalid("Cannot read the spans: " + e.getMessage()).causedBy(e);
        }
    }

    private static InputStream decompressed(String encoding, InputStream in) throws IOException {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "", "identity" -> in;
            case "gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in);
            default -> throw new IOException("Content-Encoding " + encoding + " is not known");
        };
    }
}
