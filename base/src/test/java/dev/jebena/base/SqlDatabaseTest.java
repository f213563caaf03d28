package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlDatabaseTest {
    private static final List<String> SCHEMA =
            List.of(
                    """
                    CREATE TABLE item (id {id}, name {text} NOT NULL UNIQUE, size BIGINT);
                    CREATE TABLE pair (key {text} NOT NULL PRIMARY KEY, value {bytes}){clustered};
                    """);

    @TempDir Path folder;

    private SqlDatabase open(List<String> schema) {
        return SqlDatabase.open(folder.resolve("test.db"), schema);
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        try (SqlDatabase data = open(SCHEMA)) {
            long id = data.write(sql -> sql.insert("INSERT INTO item (name) VALUES (?)", "a"));
            assertThat(id).isEqualTo(1);
        }
        try (SqlDatabase data = open(SCHEMA)) {
            assertThat(names(data)).containsExactly("a");
        }
    }

    @Test
    void twoOwnersOfOneFileBothWrite() {
        try (SqlDatabase first = open(SCHEMA);
                SqlDatabase second = open(SCHEMA)) {
            first.write(sql -> sql.insert("INSERT INTO item (name) VALUES (?)", "a"));
            second.write(sql -> sql.insert("INSERT INTO item (name) VALUES (?)", "b"));
            first.write(sql -> sql.insert("INSERT INTO item (name) VALUES (?)", "c"));
            assertThat(names(first)).containsExactly("a", "b", "c");
            assertThat(names(second)).containsExactly("a", "b", "c");
        }
    }

    private static List<String> names(SqlDatabase data) {
        return data.read(sql -> sql.list("SELECT name FROM item ORDER BY id", r -> r.text(1)));
    }

    @Test
    void aChangeThatFailsTakesNoOtherWithIt() {
        AtomicInteger failed = new AtomicInteger();
        try (SqlDatabase data = open(SCHEMA);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int number = i;
                threads.execute(() -> {
                    try {
                        data.write(sql -> {
                            sql.update("INSERT INTO item (name) VALUES (?)", "n" + number);
                            if (number % 10 == 0) {
                                throw new IllegalStateException("no");
                            }
                            return true;
                        });
                    } catch (IllegalStateException _) {
                        failed.incrementAndGet();
                    }
                });
            }
        }
        try (SqlDatabase data = open(SCHEMA)) {
            assertThat(failed).hasValue(30);
            assertThat(names(data)).hasSize(270).doesNotContain("n10", "n20");
        }
    }

    @Test
    void aConstraintThatIsHurtIsAProblemAndTheNextChangeWorks() {
        try (SqlDatabase data = open(SCHEMA)) {
            data.write(sql -> sql.update("INSERT INTO item (name) VALUES ('a')"));
            assertThatThrownBy(() ->
                            data.write(sql -> sql.update("INSERT INTO item (name) VALUES ('a')")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("UNIQUE");
            data.write(sql -> sql.update("INSERT INTO item (name) VALUES ('b')"));
            assertThat(names(data)).containsExactly("a", "b");
        }
    }

    @Test
    void readersCannotWrite() {
        try (SqlDatabase data = open(SCHEMA)) {
            assertThatThrownBy(() -> data.read(sql -> sql.update("DELETE FROM item")))
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void migrationsAreAppliedOnceAndNewerDatabasesAreRefused() {
        open(SCHEMA).close();
        List<String> more =
                List.of(SCHEMA.getFirst(), "ALTER TABLE item ADD COLUMN note {text};\n");
        try (SqlDatabase data = open(more)) {
            data.write(sql -> sql.update("INSERT INTO item (name, note) VALUES ('a', 'x')"));
        }
        assertThatThrownBy(() -> open(SCHEMA))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("schema version 2, this program knows 1");
    }

    @Test
    void likeDistinguishesLettersAndRegularExpressionsWork() {
        try (SqlDatabase data = open(SCHEMA)) {
            data.write(sql -> sql.update("INSERT INTO item (name) VALUES ('Tree'), ('tree')"));
            SqlDialect dialect = data.dialect();
            assertThat(count(data, dialect.like("name"), "tr%")).isEqualTo(1);
            assertThat(count(data, dialect.likeAnyCase("name"), "tr%")).isEqualTo(2);
            assertThat(count(data, dialect.matches("name"), "^T.*e$")).isEqualTo(1);
        }
    }

    private static long count(SqlDatabase data, String condition, String value) {
        return data.read(sql -> sql.number("SELECT count(*) FROM item WHERE " + condition, value));
    }

    @Test
    void aWrongAddressIsRefusedWithoutThePassword() {
        assertThatThrownBy(() -> SqlDatabase.open("mysql://u:secret@host/db", SCHEMA))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("postgresql://")
                .hasMessageNotContaining("secret");
        assertThat(PostgresAddress.jdbc("postgresql://u:p%40@h:1/d?sslmode=require"))
                .isEqualTo(
                        "jdbc:postgresql://h:1/d?reWriteBatchedInserts=true&tcpKeepAlive=true"
                                + "&sslmode=require&user=u&password=p%40");
    }
}
