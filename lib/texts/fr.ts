import type { OrderTexts } from './order-text.ts';
import { sentences } from './order-text.ts';

export const fr: OrderTexts = {
  pending: (order) =>
    sentences(
      `Merci pour votre commande ${order.number} !`,
      order.total && `Montant total : ${order.total}.`,
      'Nous vous écrirons dès que votre paiement nous sera parvenu.',
    ),
  payment_failed: (order) =>
    sentences(
      `Malheureusement, le paiement de votre commande ${order.number} n’a pas abouti.`,
      'Vous pouvez le renouveler depuis votre compte, et nous restons à votre disposition ici si besoin.',
    ),
  on_hold: (order) =>
    sentences(
      `Votre commande ${order.number} est en attente pour le moment.`,
      'Nous vous écrirons ici dès qu’elle avancera.',
    ),
  paid: (order) =>
    sentences(
      `Merci ! Nous avons bien reçu votre paiement${order.total ? ` de ${order.total}` : ''} pour la commande ${order.number}.`,
      'Nous vous préviendrons dès son expédition.',
    ),
  processing: (order) =>
    sentences(
      `Nous préparons votre commande ${order.number}.`,
      order.estimatedDelivery && `Livraison prévue le ${order.estimatedDelivery}.`,
    ),
  shipped: (order) =>
    sentences(
      `Bonne nouvelle : votre commande ${order.number} est en route${order.carrier ? ` avec ${order.carrier}` : ''}.`,
      order.estimatedDelivery && `Livraison prévue le ${order.estimatedDelivery}.`,
      order.trackingNumber && `Numéro de suivi : ${order.trackingNumber}.`,
      order.trackingUrl && `Suivez votre colis ici : ${order.trackingUrl}`,
    ),
  delayed: (order) =>
    sentences(
      `Votre commande ${order.number} prend du retard, et nous en sommes désolés.`,
      order.estimatedDelivery && `Nouvelle date de livraison prévue : ${order.estimatedDelivery}.`,
      order.trackingUrl && `Suivez-la ici : ${order.trackingUrl}`,
    ),
  out_for_delivery: (order) =>
    sentences(
      `Votre commande ${order.number} est en cours de livraison et devrait arriver aujourd’hui.`,
      order.trackingUrl && `Suivez-la ici : ${order.trackingUrl}`,
    ),
  delivery_failed: (order) =>
    sentences(
      `Malheureusement, votre commande ${order.number} n’a pas pu être livrée${order.carrier ? ` par ${order.carrier}` : ''}.`,
      'Si nous pouvons vous aider, écrivez-nous simplement ici.',
      order.trackingUrl && `La suite de la livraison : ${order.trackingUrl}`,
    ),
  ready_for_pickup: (order) =>
    sentences(
      `Votre commande ${order.number} est prête à être retirée.`,
      order.trackingUrl && `Plus de détails : ${order.trackingUrl}`,
    ),
  delivered: (order) =>
    sentences(
      `Votre commande ${order.number} a été livrée. Nous espérons qu’elle vous plaira !`,
      'En cas de souci, écrivez-nous simplement ici.',
    ),
  cancelled: (order) =>
    sentences(
      `Votre commande ${order.number} a été annulée.`,
      'Si vous ne vous y attendiez pas, répondez-nous ici et nous vérifierons ensemble.',
    ),
  returned: (order) =>
    sentences(
      `Votre retour pour la commande ${order.number} nous est bien parvenu, merci.`,
      'Nous vous écrirons dès que le remboursement sera effectué.',
    ),
  refunded: (order) =>
    sentences(
      `Nous avons effectué un remboursement pour votre commande ${order.number}.`,
      'Selon votre banque, il apparaîtra sur votre compte d’ici quelques jours.',
    ),
};
