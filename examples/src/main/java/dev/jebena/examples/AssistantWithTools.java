package dev.jebena.examples;

import dev.jebena.langchain4j.JebenaChatModel;
import dev.jebena.llm.Llm;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.service.AiServices;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/// LangChain4j over a model in this process, with a tool and an answer that is an object:
/// `AssistantWithTools model.gguf`.
public final class AssistantWithTools {
    private AssistantWithTools() {}

    /// What the answer has to be.
    public record Meeting(String topic, List<String> people, int hour) {}

    /// What can be asked.
    public interface Assistant {
        /// Answers in words, with tools.
        String ask(String question);

        /// Reads a meeting out of a text.
        Meeting meeting(String text);
    }

    /// What the model may call.
    public static final class Clock {
        /// The time of this machine.
        @Tool("The time of day now")
        public String now() {
            return LocalTime.now(ZoneId.systemDefault()).toString();
        }
    }

    public static void main(String[] args) {
        try (Llm llm = Llm.load(Path.of(args[0]))) {
            Assistant assistant =
                    AiServices.builder(Assistant.class)
                            .chatModel(
                                    JebenaChatModel.builder()
                                            .llm(llm)
                                            .temperature(0.0)
                                            .strictJsonSchema(true)
                                            .build())
                            .tools(new Clock())
                            .build();
            IO.println(assistant.ask("What time is it?"));
            IO.println(assistant.meeting("Abebe and Sara talk about coffee at three."));
        }
    }
}
