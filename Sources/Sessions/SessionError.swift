package import AWSServices
package import AWSValues
package import Profiles

/// Why a plan could not be carried out, where it is neither AWS's nor the keyring's answer.
package enum SessionError: Error, Equatable {
  /// The keyring holds no key for the profile the plan starts with; `plainText` is where a file still does.
  case noKey(profile: String, plainText: SourceLocation?)
  /// The keyring holds something under the profile's name that is not what we wrote.
  case damagedKey(profile: String, PayloadError)
  /// A code is needed and there is nobody to ask.
  case noPrompt(device: MFADevice)
  /// The user ended the prompt without a code.
  case promptCancelled
  /// `--mfa-code` is not six digits.
  case invalidCode
  /// The code was sent with the wrong time, so AWS did not judge it, and there is nobody to ask for the next one; AWS's
  /// clock is `offset` seconds ahead.
  case clockWasOff(offset: Int)
  /// Every code that was tried was wrong; what AWS last said to one, where any was sent.
  case noValidCode(device: MFADevice, tries: Int, ServiceError?)
  /// Another process has been getting the session for `seconds`; nil where it is not known which.
  case busy(process: Int32?, seconds: Int)
  /// AWS refused the session to the process that this one waited for.
  case refusedElsewhere(process: Int32)
}
