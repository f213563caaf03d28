package dev.jebena.cli;

import dev.jebena.accounts.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "accounts",
        description = {
            "Users, teams, roles and API tokens of this machine's server.",
            "ls [users|teams|roles]. add NAME, passwd NAME: asks for a password, or reads it",
            "from standard input. set NAME: --admin, --disabled. rm NAME. team create|delete",
            "TEAM, team add|remove TEAM NAME. role WORKSPACE HOLDER LEVEL: READ, USE, EDIT,",
            "MANAGE, or none; --team for a team. token NAME TITLE: makes one, shown once;",
            "token NAME: lists them. audit [NAME]: who came in and who changed what.",
            "It opens JEBENA_HOME/accounts, also while the server runs."
        },
        footer = {
            "  jebena accounts add ada --admin",
            "  echo \"$PASSWORD\" | jebena accounts passwd ada",
            "  jebena accounts set joe --disabled",
            "  jebena accounts team create vision",
            "  jebena accounts team add vision ada",
            "  jebena accounts role vision vision EDIT --team",
            "  jebena accounts token ada ci --level EDIT --days 90",
            "  jebena accounts token ada --end 3",
            "  jebena accounts audit --max 20 --json"
        })
final class AccountsCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        LS,
        ADD,
        PASSWD,
        SET,
        RM,
        TEAM,
        ROLE,
        TOKEN,
        AUDIT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.LS;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WHAT",
            description = "A name, and what the action needs.")
    List<String> what = new ArrayList<>();

    @Option(names = "--admin", negatable = true, description = "add, set: may do everything.")
    @Nullable Boolean admin;

    @Option(names = "--disabled", negatable = true, description = "set: may not come in.")
    @Nullable Boolean disabled;

    @Option(names = "--team", description = "role: HOLDER is a team.")
    boolean team;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "token: what it may do at most (default ${DEFAULT-VALUE}).",
            defaultValue = "MANAGE")
    Level level = Level.MANAGE;

    @Option(names = "--days", paramLabel = "N", description = "token: how long it holds.")
    @Nullable Integer days;

    @Option(names = "--end", paramLabel = "ID", description = "token: ends the one with this id.")
    @Nullable Long end;

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "audit: so many entries (default ${DEFAULT-VALUE}).",
            defaultValue = "100")
    int max = 100;

    @Option(
            names = "--accounts-database",
            paramLabel = "ADDRESS",
            description = "PostgreSQL database of accounts, in place of a file.")
    @Nullable String database;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        try (AccountsActions actions = AccountsActions.open(this)) {
            switch (action) {
                case LS -> actions.list();
                case ADD -> actions.add();
                case PASSWD -> actions.password();
                case SET -> actions.set();
                case RM -> actions.remove();
                case TEAM -> actions.team();
                case ROLE -> actions.role();
                case TOKEN -> actions.token();
                case AUDIT -> actions.audit();
            }
        }
        return ExitCode.OK;
    }

    /// Throws unless so many words came with the action.
    void expect(int least, int most, String usage) {
        if (what.size() < least || what.size() > most) {
            throw UserError.usage("expected: jebena accounts " + usage);
        }
    }
}
