package dev.jebena.accounts;

import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The same on PostgreSQL: needs the address of a database in `JEBENA_TEST_POSTGRES`, which
/// `.ci/run` makes.
@EnabledIfEnvironmentVariable(named = "JEBENA_TEST_POSTGRES", matches = ".+")
class PostgresAccountsTest extends AccountsRoutesTest {
    private final String schema = "accounts_" + UUID.randomUUID().toString().replace("-", "");

    @Override
    AccountsOptions options() {
        return super.options()
                .database(System.getenv("JEBENA_TEST_POSTGRES") + "?currentSchema=" + schema);
    }
}
