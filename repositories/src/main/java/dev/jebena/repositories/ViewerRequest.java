package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.data.DataFile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request about a data set whose files the caller may read.
record ViewerRequest(
        Repositories repositories, HttpExchange exchange, Repo repo, DatasetView view) {
    String required(String parameter) {
        String value = exchange.query(parameter);
        if (value == null || value.isBlank()) {
            throw ViewerErrors.required(parameter);
        }
        return value;
    }

    /// A number of the query, from 0 to `most`.
    long number(String parameter, long absent, long most) {
        String text = exchange.query(parameter);
        if (text == null || text.isEmpty()) {
            return absent;
        }
        if (!text.matches("[+-]?[0-9]{1,18}")) {
            throw ViewerErrors.invalid("Parameter '" + parameter + "' must be integer");
        }
        long number = Long.parseLong(text);
        if (number < 0) {
            throw ViewerErrors.invalid("Parameter '" + parameter + "' must be positive");
        }
        if (number > most) {
            throw ViewerErrors.invalid(
                    "Parameter '%s' must not be greater than %d".formatted(parameter, most));
        }
        return number;
    }

    /// The configuration that was asked for, or all.
    List<String> configs() {
        String config = exchange.query("config");
        if (config == null || config.isEmpty()) {
            return view.configs();
        }
        view.files(config);
        return List.of(config);
    }

    /// The split of the query, which must name it.
    ViewedSplit split() {
        return open(required("config"), required("split"));
    }

    ViewedSplit open(String config, String name) {
        ViewedSplit split = view.split(config, name);
        for (DataFile file : split.files()) {
            if (repo.blocksUnsafe() && file instanceof RepositoryDataFile own) {
                repositories.scans().checkDownload(repo, own.entry());
            }
        }
        return split;
    }

    ViewerCells cells(long most) {
        return new ViewerCells(ViewerAssets.of(this), most);
    }

    /// `dataset`, `config`, `split`: how replies name what they are about.
    Map<String, @Nullable Object> place(String config, String split) {
        Map<String, @Nullable Object> place = place(config);
        place.put("split", split);
        return place;
    }

    Map<String, @Nullable Object> place(String config) {
        return HttpJson.object("dataset", repo.name().id(), "config", config);
    }

    Map<String, @Nullable Object> failure(String config, HubError error) {
        Map<String, @Nullable Object> failed = place(config);
        failed.put("split", null);
        failed.put("error", HttpJson.object("error", error.message()));
        return failed;
    }
}
