import account from "./en-account";
import desk from "./en-desk";
import forms from "./en-forms";
import messages from "./en-messages";
import office from "./en-office";
import people from "./en-people";
import processes from "./en-processes";
import rules from "./en-rules";
import shell from "./en-shell";
import tickets from "./en-tickets";
import wall from "./en-wall";

export default { account, desk, forms, messages, office, people, processes, rules, shell, tickets, wall };
