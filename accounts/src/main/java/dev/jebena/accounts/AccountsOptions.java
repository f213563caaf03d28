package dev.jebena.accounts;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where accounts are kept, and how long a login holds.
///
/// @param folder of `accounts.db`
/// @param database address of a PostgreSQL database of its own in its place; null for SQLite
/// @param adminPassword the password of `admin`, the first account, where there is none yet; null
///   makes none
/// @param sessions how long somebody stays logged in
public record AccountsOptions(
        Path folder, @Nullable String database, @Nullable String adminPassword, Duration sessions) {
    private static final Duration TWO_WEEKS = Duration.ofDays(14);

    public static AccountsOptions in(Path folder) {
        return new AccountsOptions(folder, null, null, TWO_WEEKS);
    }

    public AccountsOptions database(@Nullable String address) {
        return new AccountsOptions(folder, address, adminPassword, sessions);
    }

    public AccountsOptions adminPassword(@Nullable String password) {
        return new AccountsOptions(folder, database, password, sessions);
    }

    public AccountsOptions sessions(Duration time) {
        return new AccountsOptions(folder, database, adminPassword, time);
    }
}
