package dev.jebena.cli;

import dev.jebena.data.Dataset;
import dev.jebena.data.DatasetStatistics;
import dev.jebena.data.DatasetWriter;
import dev.jebena.data.Sql;
import dev.jebena.data.SqlResult;
import dev.jebena.data.StatisticsOptions;
import dev.jebena.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "data",
        description = {
            "Shows, describes, queries and converts data sets.",
            "head SOURCE: the first rows. info SOURCE: splits, files and columns.",
            "stats SOURCE: each column described. sql SOURCE QUERY: a query, in which the",
            "data set is the table data. convert SOURCE FILE: written in another format.",
            "A SOURCE is a file, a folder, a web address or ORG/NAME of a hub, which is",
            "read from where it is: CSV, TSV, JSON, JSON lines, Parquet, Arrow, text,",
            "folders of images or sounds, WebDataset archives, WARC."
        },
        footer = {
            "  jebena data head reviews.csv -n 3",
            "  jebena data info org/name",
            "  jebena data stats images/ --json",
            "  jebena data sql reviews.csv \"SELECT stars, count(*) FROM data GROUP BY 1\"",
            "  jebena data convert org/name reviews.parquet --split test"
        })
final class DataCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        HEAD,
        INFO,
        STATS,
        SQL,
        CONVERT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.HEAD;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WHAT",
            description = "The source; sql: and a query; convert: and a file.")
    List<String> what = new ArrayList<>();

    @Mixin DataSource source = new DataSource();

    @Option(
            names = {"-n", "--rows"},
            paramLabel = "N",
            description = "head, sql: at most so many rows (default 10, 1000 for sql).")
    int rows = -1;

    @Option(
            names = "--skip",
            paramLabel = "N",
            description = "head, convert: leave out the first rows.")
    long skip;

    @Option(names = "--take", paramLabel = "N", description = "stats, convert: only so many rows.")
    long take = Long.MAX_VALUE;

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "NAME",
            description = "Only these columns, with commas between.")
    List<String> columns = new ArrayList<>();

    @Option(
            names = "--shuffle",
            paramLabel = "SEED",
            description = "convert: the rows in another order.")
    @Nullable Long shuffle;

    @Option(names = "--force", description = "convert: replace FILE if it is there.")
    boolean force;

    @Option(names = "--json", description = "Print JSON; head, sql: an object a line.")
    boolean json;

    @Override
    int run() {
        if (skip < 0 || take < 0) {
            throw UserError.usage("--skip and --take take 0 or more");
        }
        return switch (action) {
            case HEAD -> head();
            case INFO -> info();
            case STATS -> statistics();
            case SQL -> sql();
            case CONVERT -> convert();
        };
    }

    private String expect(int count, String usage) {
        if (what.size() != count) {
            throw UserError.usage("expected: jebena data " + usage);
        }
        return what.getFirst();
    }

    private Dataset open(String place) {
        Dataset data = Dataset.load(place, source.options());
        if (!columns.isEmpty()) {
            data = data.select(columns.toArray(String[]::new));
        }
        data = skip > 0 ? data.skip(skip) : data;
        return take < Long.MAX_VALUE ? data.take(take) : data;
    }

    private int most(int other) {
        if (rows < -1) {
            throw UserError.usage("--rows is %d; expected 0 or more".formatted(rows));
        }
        return rows < 0 ? other : rows;
    }

    private int head() {
        Dataset data = open(expect(1, "head SOURCE"));
        DataTables.print(data.features(), data.rows(0, most(10)), json);
        return ExitCode.OK;
    }

    private int info() {
        DataInfo info = DataInfo.of(expect(1, "info SOURCE"), source.options());
        System.out.print(json ? Json.write(info.json()) + "\n" : info.text());
        return ExitCode.OK;
    }

    private int statistics() {
        Dataset data = open(expect(1, "stats SOURCE"));
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        try {
            DatasetStatistics found =
                    DatasetStatistics.of(data, StatisticsOptions.defaults().listener(progress));
            progress.finish();
            System.out.print(json ? Json.write(found.json()) + "\n" : DataTables.statistics(found));
        } finally {
            progress.finish();
        }
        return ExitCode.OK;
    }

    private int sql() {
        Dataset data = open(expect(2, "sql SOURCE QUERY"));
        int most = most(1_000);
        try (SqlResult result = Sql.query(Map.of("data", data), what.get(1))) {
            DataTables.print(result.features(), result.rows(most), json);
            if (result.next() != null) {
                System.err.println("The first %,d rows; --rows N shows more".formatted(most));
            }
        }
        return ExitCode.OK;
    }

    private int convert() {
        String from = expect(2, "convert SOURCE FILE");
        Path file = Path.of(what.get(1));
        if (Files.exists(file) && !force) {
            throw new UserError(file + " is there already\n--force replaces it");
        }
        Dataset data = open(from);
        data = shuffle == null ? data : data.shuffle(shuffle);
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        long written;
        try {
            written = DatasetWriter.write(data, file, progress);
        } finally {
            progress.finish();
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("file", file.toString());
        report.put("rows", written);
        report.put("bytes", file.toFile().length());
        System.out.println(
                json
                        ? Json.write(report)
                        : "%s: %,d rows, %s"
                                .formatted(file, written, Tables.bytes(file.toFile().length())));
        return ExitCode.OK;
    }
}
