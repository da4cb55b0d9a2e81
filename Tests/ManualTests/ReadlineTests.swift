import TestSupport
import Testing

@Suite(.enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
struct ReadlineTests {
  @Test func `bash types the rest of a profile's name and of a wrapped command`() throws {
    let world = try CompletionWorld(config: "[profile prod@eu]\n")
    let terminal = try PseudoTerminal(world.launch("bash", ["--norc", "--noprofile", "-i"]))
    try terminal.send(
      "bind 'set enable-bracketed-paste off'; source \"$DAYPASS_COMPLETIONS/daypass.bash\"; PS1=ready-\n")
    try terminal.expect("\nready-")
    try terminal.send("echo daypass; daypass exec pr\t-- wrapped-t\t--one")
    try terminal.expect("exec prod@eu -- wrapped-tool --one")
    try terminal.send("\u{15}exit\n")
    _ = try terminal.waitForExit()
  }
}
