package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.data.DataFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Data sets as Parquet files: their own where they are Parquet, else one that is written for each
/// split when it is first asked for.
final class ViewerParquet {
    private static final String TYPE = "application/vnd.apache.parquet";

    private final Viewer viewer;

    private ViewerParquet(Viewer viewer) {
        this.viewer = viewer;
    }

    static ViewerParquet mount(HubApi api, Viewer viewer) {
        ViewerParquet routes = new ViewerParquet(viewer);
        api.dataset(
                "GET", "/parquet", HubAccess.Need.READ, r -> r.exchange().json(200, routes.all(r)));
        api.dataset(
                "GET",
                "/parquet/{config}",
                HubAccess.Need.READ,
                r -> r.exchange().json(200, addresses(routes.view(r), config(r))));
        api.dataset(
                "GET",
                "/parquet/{config}/{split}",
                HubAccess.Need.READ,
                r -> r.exchange().json(200, routes.addresses(r)));
        api.dataset("GET", "/parquet/{config}/{split}/{file}", HubAccess.Need.READ, routes::send);
        return routes;
    }

    private static String config(RepoRequest request) {
        return request.exchange().parameter("config");
    }

    private ViewerRequest view(RepoRequest request) {
        return new ViewerRequest(
                request.repositories(),
                request.exchange(),
                request.repo(),
                viewer.view(request.repo(), request.exchange().query("revision")));
    }

    private Object all(RepoRequest request) {
        ViewerRequest view = view(request);
        Map<String, @Nullable Object> all = HttpJson.object();
        view.view().configs().forEach(config -> all.put(config, addresses(view, config)));
        return all;
    }

    private static Object addresses(ViewerRequest request, String config) {
        Map<String, @Nullable Object> splits = HttpJson.object();
        for (String split : request.view().splits(config)) {
            splits.put(split, addresses(request, config, split));
        }
        return splits;
    }

    private Object addresses(RepoRequest request) {
        return addresses(view(request), config(request), request.exchange().parameter("split"));
    }

    private static List<String> addresses(ViewerRequest request, String config, String name) {
        ViewedSplit split = request.open(config, name);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < (split.isParquet() ? split.files().size() : 1); i++) {
            all.add(address(request, config, name) + i + ".parquet");
        }
        return all;
    }

    private static String address(ViewerRequest request, String config, String split) {
        return "%s/api/datasets/%s/parquet/%s/%s/"
                .formatted(
                        request.exchange().baseUrl(),
                        request.repo().name().id(),
                        Links.encoded(config),
                        Links.encoded(split));
    }

    private void send(RepoRequest request) throws IOException {
        ViewerRequest view = view(request);
        HttpExchange exchange = request.exchange();
        ViewedSplit split = view.open(config(request), exchange.parameter("split"));
        String file = exchange.parameter("file");
        int number =
                file.matches("[0-9]{1,6}\\.parquet")
                        ? Integer.parseInt(file.substring(0, file.indexOf('.')))
                        : Integer.MAX_VALUE;
        if (number >= (split.isParquet() ? split.files().size() : 1)) {
            throw HubError.noEntry(file);
        }
        if (split.isParquet()) {
            exchange.set("Location", resolve(view, split.files().get(number)));
            exchange.empty(302);
            return;
        }
        ParquetExports.Export export = viewer.inTurn(() -> export(view, split));
        exchange.set("ETag", '"' + view.view().commit() + "-" + split.key() + '"');
        FileReply.send(
                exchange,
                TYPE,
                export.bytes(),
                from -> Channels.newInputStream(FileChannel.open(export.file()).position(from)));
    }

    private static String resolve(ViewerRequest request, DataFile file) {
        StringBuilder path = new StringBuilder();
        for (String part : file.name().split("/")) {
            path.append('/').append(Links.encoded(part));
        }
        return "%s/%s/resolve/%s%s"
                .formatted(
                        request.exchange().baseUrl(),
                        request.repo().name().path(),
                        request.view().commit(),
                        path);
    }

    private ParquetExports.Export export(ViewerRequest request, ViewedSplit split) {
        return viewer.exports().of(request.repo().id(), request.view().commit(), split);
    }

    /// The viewer's `/parquet`.
    Object list(ViewerRequest request) {
        List<Object> files = new ArrayList<>();
        List<Object> failed = new ArrayList<>();
        boolean partial = false;
        String wanted = request.exchange().query("split");
        for (String config : request.configs()) {
            try {
                for (String name : request.view().splits(config)) {
                    if (wanted == null || wanted.isEmpty() || wanted.equals(name)) {
                        partial |= add(files, request, request.open(config, name));
                    }
                }
            } catch (HubError e) {
                failed.add(request.failure(config, e));
            }
        }
        return HttpJson.object(
                "parquet_files", files, "pending", List.of(), "failed", failed, "partial", partial);
    }

    /// Whether rows are missing.
    private boolean add(List<Object> files, ViewerRequest request, ViewedSplit split) {
        Map<String, @Nullable Object> json = request.place(split.config(), split.split());
        if (!split.isParquet()) {
            ParquetExports.Export export = export(request, split);
            json.put("url", address(request, split.config(), split.split()) + "0.parquet");
            json.put("filename", "0000.parquet");
            json.put("size", export.bytes());
            files.add(json);
            return export.partial();
        }
        for (DataFile file : split.files()) {
            Map<String, @Nullable Object> one = HttpJson.object();
            one.putAll(json);
            one.put("url", resolve(request, file));
            one.put("filename", file.name().substring(file.name().lastIndexOf('/') + 1));
            one.put("size", file.size());
            files.add(one);
        }
        return false;
    }
}
