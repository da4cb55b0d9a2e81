import AWSValues
import Profiles
import Sessions
import Testing

@testable import daypass

/// How much time a cached session needs to have left.
struct MarginTests {
  @Test(arguments: [SessionMargin.command, .credentialProcess])
  func `DAYPASS_MIN_TTL replaces the time, not what happens if no new session can be had`(usual: SessionMargin) throws {
    let margin = try usual.or(CredentialRequest(), nil, in: ["DAYPASS_MIN_TTL": "20m"])
    #expect(margin == SessionMargin(timeLeft: 1200, short: .refuse, fallback: usual.fallback))
  }

  @Test func `what a call of ours in a file says counts before the variable, and the command line before both`() throws
  {
    let request = CredentialRequest(fresh: true)
    let environment = ["DAYPASS_MIN_TTL": "20m"]
    let file = CredentialPlan.Freshness.timeLeft(SessionDuration(seconds: 900))
    #expect(try SessionMargin.command.or(CredentialRequest(), file, in: environment).timeLeft == 900)
    #expect(try SessionMargin.command.or(request, file, in: environment) == .none)
  }

  @Test func `--min-left hands out nothing that has less`() throws {
    let request = CredentialRequest(minLeft: SessionDuration(seconds: 1200))
    #expect(
      try SessionMargin.credentialProcess.or(request, nil, in: [:]) == SessionMargin(timeLeft: 1200, short: .refuse))
  }
}
