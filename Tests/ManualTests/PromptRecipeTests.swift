import Foundation
import TestSupport
import Testing

/// The lines for prompts in daypass-recipes(7), read from the page and given to the shells.
@Suite(
  .enabled(if: Installed.has("bash", "zsh", "fish", "python3"), "bash, zsh, fish and python3 are not all installed"))
struct PromptRecipeTests {
  /// A shell that holds credentials which have ended, so that the time left does not change.
  private static let held = [
    "DAYPASS_PROFILE=prod", "AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_CREDENTIAL_EXPIRATION=2026-01-01T00:00:00Z",
  ]

  @Test func `in bash the prompt shows the profile, with the time left or without`() throws {
    let recipes = try Recipes.blocks(under: "bash")
    try #require(recipes.count == 2)
    for (recipe, prompt) in zip(recipes, ["[prod expired] > ", "[prod] > "]) {
      let file = scratch.write("PS1='> '\n\(recipe)", to: "bashrc")
      #expect(try shown("bash", ["--rcfile", file, "-i"], with: Self.held).errors.contains(prompt))
      let errors = try shown("bash", ["--rcfile", file, "-i"], with: []).errors
      #expect(errors.contains("> ") && !errors.contains("["))
    }
  }

  @Test func `in zsh the right side shows the profile and the time left`() throws {
    let recipe = try Recipes.blocks(under: "zsh").joined()
    #expect(try shown("zsh", ["-fc", recipe + "print -rP -- $RPROMPT"], with: Self.held).output == "prod expired\n")
    #expect(try shown("zsh", ["-fc", recipe + "print -rP -- $RPROMPT"], with: []).output == "\n")
    let odd = ["DAYPASS_PROFILE=100%Bx"] + Self.held.dropFirst()
    #expect(try shown("zsh", ["-fc", recipe + "print -rP -- $RPROMPT"], with: odd).output == "100%Bx expired\n")
  }

  @Test func `in fish the right side shows the profile and the time left`() throws {
    let recipe = try Recipes.blocks(under: "fish").joined()
    #expect(try shown("fish", ["-c", recipe + "fish_right_prompt"], with: Self.held).output == "prod expired\n")
    #expect(try shown("fish", ["-c", recipe + "fish_right_prompt"], with: []).output == "")
  }

  /// starship runs both in `sh`, and is in no package here.
  @Test func `what starship is told is TOML, and both commands do what it asks of them`() throws {
    let file = try scratch.write(Recipes.blocks(under: "starship").joined(), to: "starship.toml")
    let read =
      "import subprocess as s, sys, tomllib; d = tomllib.load(open(sys.argv[1], 'rb'))['custom']['daypass']; "
      + "print(s.call(d['when'], shell=True), s.getoutput(d['command']), d['format'])"
    let format = "[$output]($style) "
    #expect(try shown("python3", ["-c", read, file], with: Self.held).output == "0 prod expired \(format)\n")
    #expect(try shown("python3", ["-c", read, file], with: []).output == "1  \(format)\n")
  }

  /// In place of powerlevel10k stands a function that prints the segment as its prompt shows it.
  @Test func `a segment of powerlevel10k shows the profile and the time left, whatever the name`() throws {
    let recipe = try Recipes.blocks(under: "powerlevel10k").joined()
    let script =
      "typeset -a POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(status)\np10k() { print -P -- $argv[-1]; }\n\(recipe)"
      + "prompt_$POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS[-1]"
    #expect(try shown("zsh", ["-fc", script], with: Self.held).output == "prod expired\n")
    let odd = ["DAYPASS_PROFILE=100%n"] + Self.held.dropFirst()
    #expect(try shown("zsh", ["-fc", script], with: odd).output == "100%n expired\n")
    #expect(try shown("zsh", ["-fc", script], with: []).output == "")
  }

  private let scratch = ScratchFolder()

  /// What a program prints that has daypass on its PATH.
  private func shown(
    _ program: String, _ arguments: [String], with variables: [String]
  ) throws -> (output: String, errors: String) {
    let folder = try URL(filePath: builtProgram("daypass")).deletingLastPathComponent().path
    let environment = ["PATH=\(folder):/usr/bin:/bin", "HOME=\(scratch.path)", "TERM=dumb", "LC_ALL=C.UTF-8"]
    let outcome = try Launch("/usr/bin/env", [program] + arguments, environment: environment + variables).run()
    return (outcome.outputText, outcome.errorText)
  }
}
