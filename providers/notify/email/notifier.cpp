#include "providers/notify/email/notifier.hpp"

#include "providers/notify/email/message.hpp"

namespace trunkform::notify {
namespace {

constexpr int k_submissions = 465;  // RFC 8314 §3.3: TLS from the first byte

class Email final : public Notifier {
 public:
  Email(const EmailSettings& settings, MailAddress from, std::vector<MailAddress> to, Surroundings around)
      : m_settings(settings), m_from(std::move(from)), m_to(std::move(to)), m_around(std::move(around)) {}

  Result<> send(const Context& context, const Alert& alert) override {
    MailRequest request;
    request.host = m_settings.host;
    request.port = m_settings.port;
    request.security = MailSecurity::starttls;
    if (m_settings.port == k_submissions) request.security = MailSecurity::implicit;
    if (m_settings.starttls == StartTls::off) request.security = MailSecurity::none;
    request.user = m_settings.user;
    if (!m_settings.user.empty()) request.password = &m_around.secret;
    request.from = m_from.mailbox;
    for (const auto& address : m_to) request.to.push_back(address.mailbox);
    request.message = mail_message(alert, m_from, m_to);
    return m_around.mail->send(context, request);
  }

 private:
  const EmailSettings m_settings;
  const MailAddress m_from;
  const std::vector<MailAddress> m_to;
  const Surroundings m_around;
};

}  // namespace

Result<std::unique_ptr<Notifier>> make_email(const EmailSettings& settings, Surroundings surroundings) {
  if (surroundings.mail == nullptr) return Error(ErrorCode::unsupported, "this program cannot send mail");
  auto from = TRY(parse_mail_address(settings.from));
  std::vector<MailAddress> to;
  for (const auto& address : settings.to) to.push_back(TRY(parse_mail_address(address)));
  return std::make_unique<Email>(settings, std::move(from), std::move(to), std::move(surroundings));
}

}  // namespace trunkform::notify
