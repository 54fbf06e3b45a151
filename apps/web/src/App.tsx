import type { JSX } from 'react';
import { Route, Routes } from 'react-router';
import { lazyPart as page } from './components/lazyPart.ts';
import { Shell } from './components/Shell.tsx';
import { Discover } from './pages/Discover.tsx';

const AssetPage = page(() => import('./pages/AssetPage.tsx'), 'AssetPage');
const OrderPage = page(() => import('./pages/OrderPage.tsx'), 'OrderPage');
const OrdersPage = page(() => import('./pages/OrdersPage.tsx'), 'OrdersPage');
const RunsPage = page(() => import('./pages/RunsPage.tsx'), 'RunsPage');
const RunPage = page(() => import('./pages/RunPage.tsx'), 'RunPage');
const TrainPage = page(() => import('./pages/TrainPage.tsx'), 'TrainPage');
const TrainChooser = page(() => import('./pages/TrainChooser.tsx'), 'TrainChooser');
const AccountPage = page(() => import('./pages/AccountPage.tsx'), 'AccountPage');
const ValidatorPage = page(() => import('./pages/ValidatorPage.tsx'), 'ValidatorPage');
const ValidatorsPage = page(() => import('./pages/ValidatorsPage.tsx'), 'ValidatorsPage');
const GovernancePage = page(() => import('./pages/GovernancePage.tsx'), 'GovernancePage');
const DisputesPage = page(() => import('./pages/DisputesPage.tsx'), 'DisputesPage');
const DisputePage = page(() => import('./pages/DisputePage.tsx'), 'DisputePage');
const DealsPage = page(() => import('./pages/DealsPage.tsx'), 'DealsPage');
const DealPage = page(() => import('./pages/DealPage.tsx'), 'DealPage');
const OffersPage = page(() => import('./pages/OffersPage.tsx'), 'OffersPage');
const PublishPage = page(() => import('./pages/PublishPage.tsx'), 'PublishPage');
const NewVersionPage = page(() => import('./pages/NewVersionPage.tsx'), 'NewVersionPage');
const PublishModelPage = page(() => import('./pages/PublishModelPage.tsx'), 'PublishModelPage');
const SignInPage = page(() => import('./pages/SignInPage.tsx'), 'SignInPage');
const UserPage = page(() => import('./pages/UserPage.tsx'), 'UserPage');
const MailboxPage = page(() => import('./pages/MailboxPage.tsx'), 'MailboxPage');
const SellerPage = page(() => import('./pages/SellerPage.tsx'), 'SellerPage');
const DashboardPage = page(() => import('./pages/DashboardPage.tsx'), 'DashboardPage');
const TokenPage = page(() => import('./pages/TokenPage.tsx'), 'TokenPage');
const ExplorerPage = page(() => import('./pages/ExplorerPage.tsx'), 'ExplorerPage');
const BlockPage = page(() => import('./pages/BlockPage.tsx'), 'BlockPage');
const TransactionPage = page(() => import('./pages/TransactionPage.tsx'), 'TransactionPage');
const ContractPage = page(() => import('./pages/ContractPage.tsx'), 'ContractPage');
const ChainAccountPage = page(() => import('./pages/ChainAccountPage.tsx'), 'ChainAccountPage');
const LibraryPage = page(() => import('./pages/LibraryPage.tsx'), 'LibraryPage');
const LeaderboardsPage = page(() => import('./pages/LeaderboardsPage.tsx'), 'LeaderboardsPage');
const CollectionsPage = page(() => import('./pages/CollectionsPage.tsx'), 'CollectionsPage');
const CollectionPage = page(() => import('./pages/CollectionPage.tsx'), 'CollectionPage');
const AdminPage = page(() => import('./pages/AdminPage.tsx'), 'AdminPage');
const NotFound = page(() => import('./pages/NotFound.tsx'), 'NotFound');

/** Every address of the site. */
export function App(): JSX.Element {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Discover />} />
        {['datasets', 'models', 'algorithms'].map((noun) => <Route key={noun} path={`${noun}/:id`} element={<AssetPage />} />)}
        <Route path="datasets/:id/new-version" element={<NewVersionPage />} />
        <Route path="orders" element={<OrdersPage />} />
        <Route path="orders/:orderId" element={<OrderPage />} />
        <Route path="governance" element={<GovernancePage />} />
        <Route path="disputes" element={<DisputesPage />} />
        <Route path="disputes/:disputeId" element={<DisputePage />} />
        <Route path="deals" element={<DealsPage />} />
        <Route path="deals/:dealId" element={<DealPage />} />
        <Route path="offers" element={<OffersPage />} />
        <Route path="runs" element={<RunsPage />} />
        <Route path="runs/:jobId" element={<RunPage />} />
        <Route path="train" element={<TrainChooser />} />
        <Route path="train/:assetId" element={<TrainPage />} />
        <Route path="account" element={<AccountPage />} />
        <Route path="validators" element={<ValidatorsPage />} />
        <Route path="validators/:validatorId" element={<ValidatorPage />} />
        <Route path="publish" element={<PublishPage />} />
        <Route path="publish/model" element={<PublishModelPage />} />
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="user" element={<UserPage />} />
        <Route path="mailbox" element={<MailboxPage />} />
        <Route path="sellers/:address" element={<SellerPage />} />
        <Route path="dashboard" element={<DashboardPage />} />
        <Route path="token" element={<TokenPage />} />
        <Route path="explorer" element={<ExplorerPage />} />
        <Route path="explorer/block/:number" element={<BlockPage />} />
        <Route path="explorer/tx/:hash" element={<TransactionPage />} />
        <Route path="explorer/contract/:name" element={<ContractPage />} />
        <Route path="explorer/account/:address" element={<ChainAccountPage />} />
        <Route path="library" element={<LibraryPage />} />
        <Route path="leaderboards" element={<LeaderboardsPage />} />
        <Route path="collections" element={<CollectionsPage />} />
        <Route path="collections/:collectionId" element={<CollectionPage />} />
        <Route path="admin" element={<AdminPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
