package dev.jebena.tracking;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Artifacts in parts, as MLflow's clients upload large files to a server whose `server-info`
/// offers it (from 500 MB on): `mpu/create` names an address for each part, `mpu/complete` joins
/// them.
final class MultipartRoutes {
    private static final String ROOT = "2.0/mlflow-artifacts/mpu/";

    private final MultipartUploads uploads;
    private final Access access;

    private MultipartRoutes(MultipartUploads uploads, Access access) {
        this.uploads = uploads;
        this.access = access;
    }

    static void mount(MlflowApi api, MultipartUploads uploads, Access access) {
        MultipartRoutes routes = new MultipartRoutes(uploads, access);
        api.raw("POST", ROOT + "create/{path...}", routes::create);
        api.raw("POST", ROOT + "complete/{path...}", routes::complete);
        api.raw("POST", ROOT + "abort/{path...}", routes::abort);
        api.raw("PUT", ROOT + "part/{upload}/{number}", routes::part);
    }

    /// The body's `path` is that of the file at the client: of it only the name counts.
    private String target(HttpExchange exchange, RequestFields fields) {
        access.check(exchange, RequestFields.of(Map.of()), Need.edit(Need.Thing.ARTIFACT));
        String local = fields.required("path");
        String name =
                local.substring(Math.max(local.lastIndexOf('/'), local.lastIndexOf('\\')) + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw MlflowError.invalid("Invalid path");
        }
        return Artifacts.checked(exchange.parameter("path") + "/" + name);
    }

    private void create(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        String target = target(exchange, fields);
        long parts = fields.number("num_parts", 1, MultipartUploads.MOST_PARTS, 1);
        String id = uploads.create(target);
        // Parts come from plain HTTP requests that have only these headers.
        String authorization = exchange.header("Authorization");
        Map<String, String> headers =
                authorization == null ? Map.of() : Map.of("Authorization", authorization);
        List<Object> credentials = new ArrayList<>();
        for (long number = 1; number <= parts; number++) {
            credentials.add(
                    HttpJson.object(
                            "url",
                            "%s/api/%spart/%s/%d".formatted(exchange.baseUrl(), ROOT, id, number),
                            "part_number",
                            number,
                            "headers",
                            headers));
        }
        exchange.json(200, HttpJson.object("upload_id", id, "credentials", credentials));
    }

    private void part(HttpExchange exchange) throws IOException {
        // The upload's id tells that its caller may write there.
        access.check(exchange, RequestFields.of(Map.of()), Need.ANY);
        String number = exchange.parameter("number");
        int part = number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
        String etag = uploads.put(exchange.parameter("upload"), part, exchange.bodyStream());
        exchange.set("ETag", etag);
        exchange.empty(200);
    }

    private void complete(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        String target = target(exchange, fields);
        List<MultipartUploads.Part> parts = new ArrayList<>();
        for (RequestFields part : fields.objects("parts")) {
            int number = (int) part.number("part_number", 1, MultipartUploads.MOST_PARTS, 0);
            parts.add(
                    new MultipartUploads.Part(number, part.text("etag").replaceAll("^\"|\"$", "")));
        }
        if (parts.isEmpty()) {
            throw MlflowError.required("parts");
        }
        uploads.complete(fields.required("upload_id"), target, parts);
        exchange.json(200, HttpJson.object());
    }

    private void abort(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        uploads.abort(fields.required("upload_id"), target(exchange, fields));
        exchange.json(200, HttpJson.object());
    }
}
