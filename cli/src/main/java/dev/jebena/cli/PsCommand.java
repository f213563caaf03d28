package dev.jebena.cli;

import dev.jebena.json.Json;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "ps",
        description = "Lists the models that a running server has loaded.",
        footer = {"  jebena ps", "  jebena ps --url http://127.0.0.1:11500 --json"})
final class PsCommand extends JebenaCommand {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The server (default: JEBENA_URL, else " + ServerClient.DEFAULT_URL + ").")
    @Nullable String url;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws InterruptedException {
        Map<String, @Nullable Object> reply = new ServerClient(url).get("/api/ps");
        List<@Nullable Object> loaded = Json.array(reply.get("models"));
        if (json) {
            System.out.println(Json.write(loaded));
            return ExitCode.OK;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ID", "SIZE", "CONTEXT", "UNTIL"));
        for (Object element : loaded) {
            Map<String, @Nullable Object> model = Json.object(element);
            String digest = String.valueOf(model.get("digest"));
            rows.add(
                    List.of(
                            String.valueOf(model.get("name")),
                            digest.substring(0, Math.min(12, digest.length())),
                            model.get("size") instanceof Number size
                                    ? Tables.bytes(size.longValue())
                                    : "",
                            String.valueOf(model.get("context_length")),
                            until(String.valueOf(model.get("expires_at")))));
        }
        System.out.print(Tables.of(rows));
        return ExitCode.OK;
    }

    private static String until(String time) {
        try {
            Duration left =
                    Duration.between(
                            OffsetDateTime.now(ZoneOffset.UTC), OffsetDateTime.parse(time));
            return left.toDays() > 365 ? "forever" : Math.max(0, left.toSeconds()) + " s from now";
        } catch (DateTimeParseException e) {
            return time;
        }
    }
}
